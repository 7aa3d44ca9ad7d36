// The kernels for AVX2 with FMA; compiled with its flags, run only where the processor has it.
#include "network/kernels.h"

#ifdef __AVX2__
#define KERNEL_NAME "avx2"
#define KERNEL_LANES 8
#define KERNEL_TILE 12
#include "network/kernels.inl"

namespace treelet {

const Kernels* avx2_kernels() { return &kTable; }

}  // namespace treelet
#else
namespace treelet {

const Kernels* avx2_kernels() { return nullptr; }

}  // namespace treelet
#endif
