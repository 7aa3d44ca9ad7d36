// The ceilings for AVX-512; compiled with the flags that the kernels of this name have.
#ifdef __AVX512F__
#include <immintrin.h>

#define REFERENCE_LANES 16
#define REFERENCE_TILE 8
#ifdef __AVX512VNNI__
#define REFERENCE_REGISTER(value) "v"(value)
#define REFERENCE_DOT(sums, a, b) (Ints) _mm512_dpbusd_epi32((__m512i)(sums), (__m512i)(a), (__m512i)(b))
#endif
#include "reference.inl"

namespace reference {

const Loops* avx512_loops() { return &kLoops; }

}  // namespace reference
#else
#include "reference.h"

namespace reference {

const Loops* avx512_loops() { return nullptr; }

}  // namespace reference
#endif
