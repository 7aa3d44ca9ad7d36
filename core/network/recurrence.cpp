#include "network/recurrence.h"

#include <algorithm>
#include <vector>

namespace treelet {

RecurrentLayer::RecurrentLayer(const Weights& weights, const std::string& name, int width, int units, int pieces)
    : width_(width), units_(units), padded_units_(padded_width(units)) {
  ahead_ = gates(weights, name + ".ahead");
  back_ = gates(weights, name + ".back");
  mix_ = MaxoutNorm(weights, name + ".mix", width, pieces, width + 2 * units);
}

// Candidates and gates, each padded with zeros to whole vectors.
Affine RecurrentLayer::gates(const Weights& weights, const std::string& name) const {
  const auto& weight = weights.get(name + ".weight", {2 * units_, width_});
  const auto& bias = weights.get(name + ".bias", {2 * units_});
  const size_t units = size_t(units_), padded = size_t(padded_units_), width = size_t(width_);
  std::vector<float> wide(2 * padded * width, 0.0f), wide_bias(2 * padded, 0.0f);
  for (size_t half = 0; half < 2; ++half) {
    std::copy_n(weight.data() + half * units * width, units * width, wide.data() + half * padded * width);
    std::copy_n(bias.data() + half * units, units, wide_bias.data() + half * padded);
  }
  return Affine(wide.data(), wide_bias.data(), 2 * padded_units_, width_);
}

void RecurrentLayer::sum_up(const float* rows, size_t n, bool back, State& state) const {
  const size_t padded = size_t(padded_units_), stride = size_t(padded_width(width_));
  std::fill_n(state.carry.data(), padded, 0.0f);
  for (size_t done = 0; done < n; done += kBlock) {
    const size_t size = std::min(kBlock, n - done), begin = back ? n - done - size : done;
    const Affine& gates = back ? back_ : ahead_;
    gates.apply(plain_rows(rows + begin * stride, stride, width_), size, state.gates.data(), 2 * padded);
    kernels().scan(state.gates.data(), size, padded_units_, back, state.carry.data(),
                   state.summed.data() + begin * 2 * padded + (back ? padded : 0), 2 * padded);
  }
}

void RecurrentLayer::apply(float* rows, size_t n, State& state) const {
  const size_t padded = size_t(padded_units_), stride = size_t(padded_width(width_));
  const size_t width = size_t(width_), units = size_t(units_), inputs = width + 2 * units;
  state.carry.grow(padded);
  state.gates.grow(kBlock * 2 * padded);
  state.summed.grow(n * 2 * padded);
  state.joined.grow(kBlock * inputs);
  state.mixed.grow(kBlock * stride);
  sum_up(rows, n, false, state);
  sum_up(rows, n, true, state);
  for (size_t begin = 0; begin < n; begin += kBlock) {
    const size_t size = std::min(kBlock, n - begin);
    for (size_t i = 0; i < size; ++i) {
      const float* summed = state.summed.data() + (begin + i) * 2 * padded;
      float* joined = state.joined.data() + i * inputs;
      std::copy_n(rows + (begin + i) * stride, width, joined);
      std::copy_n(summed, units, joined + width);
      std::copy_n(summed + padded, units, joined + width + units);
    }
    float* out = rows + begin * stride;
    mix_.apply(plain_rows(state.joined.data(), inputs, int(inputs)), size, out, state.mixed.data());
    std::copy_n(state.mixed.data(), size * stride, out);
  }
}

}  // namespace treelet
