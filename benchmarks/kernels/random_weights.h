// Weights of a given shape with small numbers in them, in place of a package's: times do not depend on values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark.h"
#include "network/weights.h"

inline void add_random(treelet::Weights& weights, const std::string& name, const std::vector<int64_t>& shape) {
  size_t size = 1;
  for (const int64_t length : shape) size *= size_t(length);
  std::vector<float> values(size);
  uint32_t state = 12345u + uint32_t(size);
  for (float& value : values) {
    state = state * 1664525u + 1013904223u;
    value = (float(state >> 8) / float(1u << 24) - 0.5f) * 0.2f;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(values.data()), size * sizeof(float));
  weights.add(name, treelet::WeightType::f32, shape, bytes);
}

inline void add_affine(treelet::Weights& weights, const std::string& name, const Product& product) {
  add_random(weights, name + ".weight", {product.outputs, product.inputs});
  add_random(weights, name + ".bias", {product.outputs});
}

inline void add_maxout(treelet::Weights& weights, const std::string& name, int width, const Product& product) {
  add_affine(weights, name, product);
  add_random(weights, name + ".gain", {width});
  add_random(weights, name + ".shift", {width});
}
