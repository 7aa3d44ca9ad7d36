// The inner loops of teaching for AVX2; compiled with its flags, run only where the processor has it.
#include "network/gradients_kernels.h"

#ifdef __AVX2__
#define GRADIENTS_NAME "avx2"
#include "network/gradients_kernels.inl"

namespace treelet {

const GradientKernels* avx2_gradients() { return &kGradients; }

}  // namespace treelet
#else
namespace treelet {

const GradientKernels* avx2_gradients() { return nullptr; }

}  // namespace treelet
#endif
