// Chooses the kernels for this processor, once.
#include "network/kernels.h"

#include <cstdlib>
#include <string>

#include "base/error.h"

namespace treelet {

namespace {

bool runs_avx2() {
#if defined(__x86_64__)
  return avx2_kernels() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

bool runs_avx512() {
#if defined(__x86_64__)
  return avx512_kernels() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
#else
  return false;
#endif
}

bool runs_avx512vnni() {
#if defined(__x86_64__)
  return runs_avx512() && avx512vnni_kernels() && __builtin_cpu_supports("avx512vnni");
#else
  return false;
#endif
}

const Kernels& choose() {
  const char* wish = std::getenv("TREELET_ISA");
  const std::string name = wish ? wish : "";
  if (name == "generic") return *generic_kernels();
  if ((name.empty() || name == "avx512vnni") && runs_avx512vnni()) return *avx512vnni_kernels();
  if ((name.empty() || name == "avx512") && runs_avx512()) return *avx512_kernels();
  if ((name.empty() || name == "avx2") && runs_avx2()) return *avx2_kernels();
  if (name.empty()) return *generic_kernels();
  throw Error(ErrorKind::settings, "TREELET_ISA=" + name +
                                       ": expected generic, avx2, avx512 or avx512vnni, and a processor that has it; unset it to let "
                                       "treelet choose");
}

}  // namespace

const Kernels& kernels() {
  static const Kernels& chosen = choose();
  return chosen;
}

}  // namespace treelet
