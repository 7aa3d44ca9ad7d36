#include "reference.h"

#include <cstring>

#include "network/kernels.h"

namespace reference {

namespace {

void fill(treelet::AlignedFloats& values, size_t size) {
  values.resize(size);
  for (size_t i = 0; i < size; ++i) values[i] = float(i % 17) * 0.01f;
}

}  // namespace

const Loops& loops() {
  const char* name = treelet::kernels().name;
  if (std::strncmp(name, "avx512", 6) == 0) return *avx512_loops();
  if (std::strcmp(name, "avx2") == 0) return *avx2_loops();
  return *generic_loops();
}

bool has_int8() {
#if defined(__x86_64__)
  if (loops().lanes == 16 && !__builtin_cpu_supports("avx512vnni")) return false;
#endif
  return loops().int8_chains != nullptr;
}

PlainProduct::PlainProduct(int inputs, int outputs, size_t n, bool int8)
    : function_(int8 ? loops().int8_product : loops().product),
      inputs_(int8 ? (inputs + 3) / 4 * 4 : inputs),
      panels_((outputs + kGroup * loops().lanes - 1) / (kGroup * loops().lanes)),
      n_((n + 7) / 8 * 8) {
  const size_t wide = size_t(panels_ * kGroup * loops().lanes);
  fill(rows_, n_ * size_t(inputs_));
  fill(weights_, wide * size_t(inputs_));
  fill(out_, n_ * wide);
}

}  // namespace reference
