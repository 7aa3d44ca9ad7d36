// Shapes of a network in, how long our layers and the ceilings they are held against take on this core out, as JSON.
//
//   treelet_kernels [--width N] [--pieces N] … [--affine NAME=INPUTSxOUTPUTS]…
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/error.h"
#include "network/kernels.h"
#include "rows.h"

namespace {

int usage() {
  std::fprintf(stderr,
               "usage: treelet_kernels [--width N] [--pieces N] [--window N] [--depth N] [--recurrent-layers N]\n"
               "  [--recurrent-units N] [--words N] [--types N] [--rounds N] [--affine NAME=INPUTSxOUTPUTS]...\n");
  return 2;
}

bool read_affine(const std::string& value, Options& options) {
  const size_t equals = value.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  Product product{0, 0};
  if (std::sscanf(value.c_str() + equals + 1, "%dx%d", &product.inputs, &product.outputs) != 2) return false;
  if (product.inputs < 1 || product.inputs > options.width + 2 * options.recurrent_units || product.outputs < 1) return false;
  options.affine.push_back({value.substr(0, equals), product});
  return true;
}

bool read_option(const std::string& name, const char* value, Options& options) {
  if (name == "--affine") return read_affine(value, options);
  const long number = std::strtol(value, nullptr, 10);
  const std::pair<const char*, int*> numbers[] = {
      {"--width", &options.width},   {"--pieces", &options.pieces},
      {"--window", &options.window}, {"--depth", &options.depth},
      {"--rounds", &options.rounds}, {"--recurrent-layers", &options.recurrent_layers},
      {"--recurrent-units", &options.recurrent_units}};
  for (const auto& [known, place] : numbers)
    if (name == known) return *place = int(number), number >= (name == "--recurrent-layers" || name == "--depth" ? 0 : 1);
  if (name == "--words") options.words = size_t(number);
  else if (name == "--types") options.types = size_t(number);
  else return false;
  return number >= 1;
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; i += 2)
    if (i + 1 == count || !read_option(arguments[i], arguments[i + 1], options)) return usage();
  try {
    std::vector<Benchmark> rows;
    add_ceilings(rows);
    for (const treelet::Precision precision : {treelet::Precision::fp32, treelet::Precision::int8}) {
      if (precision == treelet::Precision::int8 && !treelet::kernels().fast_bytes) continue;
      add_layers(rows, options, precision);
      add_encoder(rows, options, precision);
    }
    add_plain_products(rows);
    run_in_turns(rows, options.rounds);
    print_json(rows, treelet::kernels().name);
  } catch (const treelet::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
