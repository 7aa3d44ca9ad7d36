// The inner loops of teaching for AVX-512; compiled with its flags, run only where the processor has it.
#include "network/gradients_kernels.h"

#ifdef __AVX512F__
#define GRADIENTS_NAME "avx512"
#include "network/gradients_kernels.inl"

namespace treelet {

const GradientKernels* avx512_gradients() { return &kGradients; }

}  // namespace treelet
#else
namespace treelet {

const GradientKernels* avx512_gradients() { return nullptr; }

}  // namespace treelet
#endif
