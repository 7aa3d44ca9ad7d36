// The ceilings that our kernels are held against: what this core's arithmetic and memory give at best, and plain
// packed products that do nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "network/aligned.h"

namespace reference {

// `steps` times 24 independent chains of fused multiply-adds on vectors of `lanes` floats, all in registers.
void fma_chains(int lanes, size_t steps);
double fma_operations(int lanes, size_t steps);

// The same with products of bytes summed in 32 bits, on vectors of 4 · `lanes` bytes: one instruction where the processor has VNNI,
// else three. False where this program has neither.
bool has_int8(int lanes);
void int8_chains(int lanes, size_t steps);
double int8_operations(int lanes, size_t steps);

// Sums an array, 64 bytes at a time.
void read_bytes(const float* data, size_t floats);

// rows (n, inputs) · weightsᵀ, weights packed in panels of three vectors; tiles of 8 rows with 32 registers, of 4 with 16.
class PlainProduct {
 public:
  PlainProduct(int lanes, int inputs, int outputs, size_t n);
  void run();

 private:
  int lanes_, inputs_, panels_;
  size_t n_;
  treelet::AlignedFloats rows_, weights_, out_;
};

// The same in bytes, summed in 32 bits; only where has_int8(lanes) with VNNI.
class PlainInt8Product {
 public:
  PlainInt8Product(int lanes, int inputs, int outputs, size_t n);
  static bool runs(int lanes);
  void run();

 private:
  int inputs_, panels_;
  size_t n_;
  treelet::AlignedFloats rows_, weights_, out_;
};

}  // namespace reference
