// Pieces of work in, how long each takes a word out: all of them in turns, round after round.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

struct Product {
  int inputs, outputs;
};

struct Benchmark {
  std::string name;
  std::string precision;          // "fp32", "int8"; "bytes" where operations are bytes read
  double operations;              // a word: two for a product and its sum
  size_t words;                   // in a call of `run`
  std::vector<Product> products;  // what a plain product has to do for a word to come to the same; may be empty
  std::function<void()> run;
  std::vector<double> nanoseconds{};  // a word, of each round
};

// The first round warms up and is dropped; CPU time of this process.
void run_in_turns(std::vector<Benchmark>& benchmarks, int rounds);
void print_json(const std::vector<Benchmark>& benchmarks, const std::string& kernels);

double operations_of(const std::vector<Product>& products);
