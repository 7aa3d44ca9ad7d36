#include "benchmark.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace {

constexpr double kLeastSeconds = 0.004;  // of a measurement: far above the clock's step

double seconds_of(const Benchmark& benchmark, size_t calls) {
  timespec begin{}, end{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
  for (size_t i = 0; i < calls; ++i) benchmark.run();
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
  return double(end.tv_sec - begin.tv_sec) + double(end.tv_nsec - begin.tv_nsec) * 1e-9;
}

size_t enough_calls(const Benchmark& benchmark) {
  size_t calls = 1;
  while (seconds_of(benchmark, calls) < kLeastSeconds) calls *= 2;
  return calls;
}

}  // namespace

double operations_of(const std::vector<Product>& products) {
  double sum = 0.0;
  for (const Product& product : products) sum += 2.0 * product.inputs * product.outputs;
  return sum;
}

void run_in_turns(std::vector<Benchmark>& benchmarks, int rounds) {
  std::vector<size_t> calls;
  for (const Benchmark& benchmark : benchmarks) calls.push_back(enough_calls(benchmark));
  for (int round = 0; round <= rounds; ++round)
    for (size_t i = 0; i < benchmarks.size(); ++i) {
      const double seconds = seconds_of(benchmarks[i], calls[i]);
      if (round > 0) benchmarks[i].nanoseconds.push_back(seconds * 1e9 / double(calls[i] * benchmarks[i].words));
    }
}

void print_json(const std::vector<Benchmark>& benchmarks, const std::string& kernels) {
  std::printf("{\"kernels\": \"%s\", \"rows\": [", kernels.c_str());
  const char* comma = "";
  for (Benchmark benchmark : benchmarks) {
    std::sort(benchmark.nanoseconds.begin(), benchmark.nanoseconds.end());
    std::printf("%s\n{\"name\": \"%s\", \"precision\": \"%s\", \"operations\": %.0f, \"words\": %zu, \"fastest\": %.6g, \"median\": %.6g, ",
                comma, benchmark.name.c_str(), benchmark.precision.c_str(), benchmark.operations, benchmark.words,
                benchmark.nanoseconds.front(), benchmark.nanoseconds[benchmark.nanoseconds.size() / 2]);
    std::printf("\"products\": [");
    for (size_t i = 0; i < benchmark.products.size(); ++i)
      std::printf("%s[%d, %d]", i ? ", " : "", benchmark.products[i].inputs, benchmark.products[i].outputs);
    std::printf("]}");
    comma = ",";
  }
  std::printf("\n]}\n");
}
