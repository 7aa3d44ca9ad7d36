// The rows of the table, by kind. To time one more kernel: another push_back beside its like.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "benchmark.h"
#include "network/layers.h"

struct Named {
  std::string name;
  Product product;
};

// Shapes of a package's network (ARCHITECTURE.md).
struct Options {
  int width = 96, pieces = 3, window = 1, depth = 1, recurrent_layers = 3, recurrent_units = 48;
  size_t words = 256;   // of the document that the encoder reads; layers take blocks of at most 128
  size_t types = 2000;  // words of its vocabulary, drawn so that few make up most of the text
  int rounds = 9;
  std::vector<Named> affine;  // maps from token vectors: labels, rows of a lower layer
};

constexpr size_t kBlockWords = 128;

// Peaks of arithmetic and of memory.
void add_ceilings(std::vector<Benchmark>& rows);
// A plain product of every shape that other rows name; goes last.
void add_plain_products(std::vector<Benchmark>& rows);
// Our fused layers alone: affine maps and maxout with LayerNorm.
void add_layers(std::vector<Benchmark>& rows, const Options& options, treelet::Precision precision);
// A recurrent layer and the whole encoder, all word types known.
void add_encoder(std::vector<Benchmark>& rows, const Options& options, treelet::Precision precision);

inline std::string name_of(treelet::Precision precision) {
  return precision == treelet::Precision::int8 ? "int8" : "fp32";
}
