// The body of every reference_<set>.cpp: loops that do nothing but arithmetic, in vector types, as in network/kernels.inl.
// Comes after: REFERENCE_LANES (floats in a vector), REFERENCE_TILE (rows of a tile).

#include "reference.h"

namespace reference {
namespace {

constexpr int kLanes = REFERENCE_LANES, kTile = REFERENCE_TILE, kChains = REFERENCE_TILE * kGroup;
typedef float V __attribute__((vector_size(REFERENCE_LANES * 4), may_alias));
typedef int32_t Ints __attribute__((vector_size(REFERENCE_LANES * 4), may_alias));

template <class T>
void keep(const T& value) {
  asm volatile("" : : "m"(value) : "memory");
}

// Chains that neither depend on nor equal one another; as many as fill the registers of a product's tile.
double fma_chains(size_t steps) {
  float factor = 0.999f, term = 0.001f, seeds[kChains]{};
  asm volatile("" : "+m"(factor), "+m"(term), "+m"(seeds));
  const V a = factor - V{}, b = term - V{};
  V sums[kChains];
#pragma GCC unroll 32
  for (int c = 0; c < kChains; ++c) sums[c] = seeds[c] - V{};
  for (size_t i = 0; i < steps; ++i) {
#pragma GCC unroll 32
    for (int c = 0; c < kChains; ++c) sums[c] = sums[c] * a + b;
  }
#pragma GCC unroll 32
  for (int c = 1; c < kChains; ++c) sums[0] += sums[c];
  keep(sums[0]);
  return 2.0 * kLanes * kChains * double(steps);
}

void read_floats(const float* data, size_t floats) {
  constexpr int kStreams = 128 / kLanes < 8 ? 128 / kLanes : 8;
  V sums[kStreams]{};
  for (size_t i = 0; i < floats; i += size_t(kStreams) * kLanes)
#pragma GCC unroll 8
    for (int c = 0; c < kStreams; ++c) sums[c] += *reinterpret_cast<const V*>(data + i + size_t(c) * kLanes);
#pragma GCC unroll 8
  for (int c = 1; c < kStreams; ++c) sums[0] += sums[c];
  keep(sums[0]);
}

void product(const PlainView& m) {
  const size_t wide = size_t(m.panels) * kGroup * kLanes, inputs = size_t(m.inputs);
  for (size_t first = 0; first + kTile <= m.n; first += kTile) {
    for (int panel = 0; panel < m.panels; ++panel) {
      const float* w = m.weights + size_t(panel) * inputs * kGroup * kLanes;
      const float* a = m.rows + first * inputs;
      V sums[kTile][kGroup]{};
      for (size_t k = 0; k < inputs; ++k, w += kGroup * kLanes) {
        V b[kGroup];
#pragma GCC unroll 8
        for (int g = 0; g < kGroup; ++g) b[g] = *reinterpret_cast<const V*>(w + g * kLanes);
#pragma GCC unroll 8
        for (int r = 0; r < kTile; ++r) {
          const V x = a[size_t(r) * inputs + k] - V{};
#pragma GCC unroll 8
          for (int g = 0; g < kGroup; ++g) sums[r][g] += x * b[g];
        }
      }
#pragma GCC unroll 8
      for (int r = 0; r < kTile; ++r)
#pragma GCC unroll 8
        for (int g = 0; g < kGroup; ++g)
          *reinterpret_cast<V*>(m.out + (first + size_t(r)) * wide + size_t(panel * kGroup + g) * kLanes) = sums[r][g];
    }
  }
}

#ifdef REFERENCE_DOT
// REFERENCE_DOT(sums, a, b): sums + products of unsigned and signed bytes, four to an integer.
double int8_chains(size_t steps) {
  int seeds[kChains]{}, bytes = 0x01020304;
  asm volatile("" : "+m"(seeds), "+m"(bytes));
  Ints a = bytes - Ints{}, sums[kChains];
  const Ints b = a;
#pragma GCC unroll 32
  for (int c = 0; c < kChains; ++c) sums[c] = seeds[c] - Ints{};
  for (size_t i = 0; i < steps; ++i) {
#pragma GCC unroll 32
    for (int c = 0; c < kChains; ++c) {
      asm volatile("" : "+" REFERENCE_REGISTER(a));  // or one product would serve all
      sums[c] = REFERENCE_DOT(sums[c], a, b);
    }
  }
#pragma GCC unroll 32
  for (int c = 1; c < kChains; ++c) sums[0] += sums[c];
  keep(sums[0]);
  return 8.0 * kLanes * kChains * double(steps);
}

// Rows and weights are bytes, four inputs of an output together; inputs is a multiple of four.
void int8_product(const PlainView& m) {
  const size_t wide = size_t(m.panels) * kGroup * kLanes, quads = size_t(m.inputs) / 4;
  const auto* rows = reinterpret_cast<const int32_t*>(m.rows);
  for (size_t first = 0; first + kTile <= m.n; first += kTile) {
    for (int panel = 0; panel < m.panels; ++panel) {
      const float* w = m.weights + size_t(panel) * quads * kGroup * kLanes;
      const int32_t* a = rows + first * quads;
      Ints sums[kTile][kGroup]{};
      for (size_t k = 0; k < quads; ++k, w += kGroup * kLanes) {
        Ints b[kGroup];
#pragma GCC unroll 8
        for (int g = 0; g < kGroup; ++g) b[g] = *reinterpret_cast<const Ints*>(w + g * kLanes);
#pragma GCC unroll 8
        for (int r = 0; r < kTile; ++r) {
          const Ints x = a[size_t(r) * quads + k] - Ints{};
#pragma GCC unroll 8
          for (int g = 0; g < kGroup; ++g) sums[r][g] = REFERENCE_DOT(sums[r][g], x, b[g]);
        }
      }
#pragma GCC unroll 8
      for (int r = 0; r < kTile; ++r)
#pragma GCC unroll 8
        for (int g = 0; g < kGroup; ++g)
          *reinterpret_cast<Ints*>(m.out + (first + size_t(r)) * wide + size_t(panel * kGroup + g) * kLanes) = sums[r][g];
    }
  }
}

const Loops kLoops = {kLanes, read_floats, fma_chains, product, int8_chains, int8_product};
#else
const Loops kLoops = {kLanes, read_floats, fma_chains, product, nullptr, nullptr};
#endif

}  // namespace
}  // namespace reference
