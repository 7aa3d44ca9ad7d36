// The ceilings for any processor; compiled with the flags that the kernels of this name have.
#define REFERENCE_LANES 4
#define REFERENCE_TILE 4
#include "reference.inl"

namespace reference {

const Loops* generic_loops() { return &kLoops; }

}  // namespace reference
