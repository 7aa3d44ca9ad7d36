// The ceilings that our kernels are held against: what this core's arithmetic and memory give at best, and plain
// packed products that do nothing else. Compiled for every instruction set that the kernels know, with their flags.
#pragma once

#include <cstddef>
#include <cstdint>

#include "network/aligned.h"

namespace reference {

constexpr int kGroup = 3;  // vectors of a panel

// out (n, panels · vectors) = rows (n, inputs) · weights, packed in panels of kGroup vectors, all inputs of one after
// those of another; n is a multiple of 8. Of bytes where the function says so, the sums in 32 bits.
struct PlainView {
  const float* rows;
  const float* weights;
  float* out;
  int inputs, panels;
  size_t n;
};

struct Loops {
  int lanes;
  void (*read_floats)(const float* data, size_t floats);  // sums them; a multiple of 128
  double (*fma_chains)(size_t steps);   // operations done: fused multiply-adds, all in registers
  void (*product)(const PlainView& view);
  double (*int8_chains)(size_t steps);  // the same in bytes summed in 32 bits; null where not compiled in
  void (*int8_product)(const PlainView& view);
};

const Loops* generic_loops();
const Loops* avx2_loops();    // null where not compiled in
const Loops* avx512_loops();  // null where not compiled in
// Those of the instruction set that the kernels run with.
const Loops& loops();
// Whether the processor runs their loops over bytes.
bool has_int8();

// A product of random numbers that waits to be run.
class PlainProduct {
 public:
  PlainProduct(int inputs, int outputs, size_t n, bool int8);
  void run() { function_({rows_.data(), weights_.data(), out_.data(), inputs_, panels_, n_}); }

 private:
  void (*function_)(const PlainView& view);
  int inputs_, panels_;
  size_t n_;
  treelet::AlignedFloats rows_, weights_, out_;
};

}  // namespace reference
