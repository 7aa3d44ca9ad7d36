// The kernels for AVX-512 with products of bytes (VNNI); compiled with its flags, run only where the processor has it.
#include "network/kernels.h"

#ifdef __AVX512VNNI__
#define KERNEL_NAME "avx512vnni"
#define KERNEL_LANES 16
#define KERNEL_TILE 24
#define KERNEL_VNNI
#include "network/kernels.inl"

namespace treelet {

const Kernels* avx512vnni_kernels() { return &kTable; }

}  // namespace treelet
#else
namespace treelet {

const Kernels* avx512vnni_kernels() { return nullptr; }

}  // namespace treelet
#endif
