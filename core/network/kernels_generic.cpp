// The kernels for any processor: four floats at a time (SSE2, NEON).
#include "network/kernels.h"

#define KERNEL_NAME "generic"
#define KERNEL_LANES 4
#define KERNEL_TILE 12
#include "network/kernels.inl"

namespace treelet {

const Kernels* generic_kernels() { return &kTable; }

}  // namespace treelet
