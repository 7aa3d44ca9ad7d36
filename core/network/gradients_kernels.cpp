// Chooses the inner loops of teaching, once.
#include "network/gradients_kernels.h"

#include <cstring>
#include <initializer_list>

#include "network/kernels.h"

namespace treelet {

const GradientKernels& gradient_kernels() {
  static const GradientKernels& chosen = [&]() -> const GradientKernels& {
    for (const GradientKernels* found : {avx512_gradients(), avx2_gradients()})
      if (found && std::strcmp(found->name, kernels().name) == 0) return *found;
    return *generic_gradients();
  }();
  return chosen;
}

}  // namespace treelet
