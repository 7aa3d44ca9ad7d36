// The ceilings for AVX2 with FMA; compiled with the flags that the kernels of this name have.
#ifdef __AVX2__
#include <immintrin.h>

#define REFERENCE_LANES 8
#define REFERENCE_TILE 4
#define REFERENCE_REGISTER(value) "x"(value)
// Three instructions: pairs of bytes, pairs of those, and the sum.
#define REFERENCE_DOT(sums, a, b)                                                                                  \
  (sums) + (Ints)_mm256_madd_epi16(_mm256_maddubs_epi16((__m256i)(a), (__m256i)(b)), _mm256_set1_epi16(1))
#include "reference.inl"

namespace reference {

const Loops* avx2_loops() { return &kLoops; }

}  // namespace reference
#else
#include "reference.h"

namespace reference {

const Loops* avx2_loops() { return nullptr; }

}  // namespace reference
#endif
