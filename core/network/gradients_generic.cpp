// The inner loops of teaching for any processor.
#include "network/gradients_kernels.h"

#define GRADIENTS_NAME "generic"
#include "network/gradients_kernels.inl"

namespace treelet {

const GradientKernels* generic_gradients() { return &kGradients; }

}  // namespace treelet
