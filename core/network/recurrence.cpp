#include "network/recurrence.h"

#include <algorithm>
#include <vector>

namespace treelet {

RecurrentLayer::RecurrentLayer(const Weights& weights, const std::string& name, const RecurrentShape& shape,
                               Precision precision)
    : shape_(shape), precision_(precision) {
  ahead_ = gates(weights, name + ".ahead");
  back_ = gates(weights, name + ".back");
  mix_ = mix(weights, name + ".mix");
}

// Candidates and gates, each padded with zeros to whole vectors.
Affine RecurrentLayer::gates(const Weights& weights, const std::string& name) const {
  const auto& weight = weights.get(name + ".weight", {2 * shape_.units, shape_.width});
  const auto& bias = weights.get(name + ".bias", {2 * shape_.units});
  const size_t units = size_t(shape_.units), padded = size_t(shape_.padded_units()), width = size_t(shape_.width);
  std::vector<float> wide(2 * padded * width, 0.0f), wide_bias(2 * padded, 0.0f);
  for (size_t half = 0; half < 2; ++half) {
    std::copy_n(weight.data() + half * units * width, units * width, wide.data() + half * padded * width);
    std::copy_n(bias.data() + half * units, units, wide_bias.data() + half * padded);
  }
  return Affine({wide.data(), wide_bias.data(), int(2 * padded), shape_.width}, precision_);
}

// Its inputs are spread as a row is: zeros meet the padding.
MaxoutNorm RecurrentLayer::mix(const Weights& weights, const std::string& name) const {
  const int width = shape_.width, outputs = shape_.pieces * width, inputs = width + 2 * shape_.units;
  const auto& weight = weights.get(name + ".weight", {outputs, inputs});
  const size_t stride = size_t(shape_.stride()), padded = size_t(padded_width(width)), units = size_t(shape_.units);
  std::vector<float> wide(size_t(outputs) * stride, 0.0f);
  for (size_t row = 0; row < size_t(outputs); ++row) {
    const float* from = weight.data() + row * size_t(inputs);
    float* to = wide.data() + row * stride;
    std::copy_n(from, width, to);
    std::copy_n(from + width, units, to + padded);
    std::copy_n(from + size_t(width) + units, units, to + padded + size_t(shape_.padded_units()));
  }
  return MaxoutNorm(weights, name, {width, shape_.pieces, int(stride)}, wide.data(), precision_);
}

void RecurrentLayer::sum_up(float* rows, size_t n, bool back, State& state) const {
  const size_t padded = size_t(shape_.padded_units()), stride = size_t(shape_.stride());
  const size_t place = size_t(padded_width(shape_.width)) + (back ? padded : 0);
  std::fill_n(state.carry.data(), padded, 0.0f);
  for (size_t done = 0; done < n; done += kBlock) {
    const size_t size = std::min(kBlock, n - done), begin = back ? n - done - size : done;
    const Affine& gates = back ? back_ : ahead_;
    gates.apply(plain_rows(rows + begin * stride, stride, shape_.width), size, state.gates.data(), 2 * padded);
    kernels().scan(state.gates.data(), size, int(padded), back, state.carry.data(), rows + begin * stride + place, stride);
  }
}

void RecurrentLayer::apply(float* rows, size_t n, State& state) const {
  const size_t padded = size_t(shape_.padded_units()), stride = size_t(shape_.stride());
  state.carry.grow(padded);
  state.gates.grow(kBlock * 2 * padded);
  sum_up(rows, n, false, state);
  sum_up(rows, n, true, state);
  mix_.apply(plain_rows(rows, stride, int(stride)), n, rows, stride, rows);
}

}  // namespace treelet
