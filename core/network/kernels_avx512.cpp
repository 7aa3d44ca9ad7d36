// The kernels for AVX-512; compiled with its flags, run only where the processor has it.
#include "network/kernels.h"

#ifdef __AVX512F__
#include <immintrin.h>

#define KERNEL_NAME "avx512"
#define KERNEL_LANES 16
#define KERNEL_TILE 24
#include "network/kernels.inl"

namespace treelet {

const Kernels* avx512_kernels() { return &kTable; }

}  // namespace treelet
#else
namespace treelet {

const Kernels* avx512_kernels() { return nullptr; }

}  // namespace treelet
#endif
