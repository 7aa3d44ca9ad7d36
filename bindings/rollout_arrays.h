// numpy arrays to what rollouts take, every shape and value checked, and back.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/tuple.h>

#include <string>
#include <tuple>
#include <vector>

#include "annotators/rollout.h"
#include "base/error.h"
#include "network/state_layers.h"

namespace treelet {

namespace nb = nanobind;

template <typename T, size_t D>
using Array = nb::ndarray<const T, nb::ndim<D>, nb::c_contig, nb::device::cpu>;
using LayerArrays = std::tuple<Array<float, 2>, Array<float, 1>, Array<float, 2>, Array<float, 1>>;

template <typename T>
auto to_numpy(std::vector<T>&& values, size_t columns) {
  auto* owned = new std::vector<T>(std::move(values));
  const nb::capsule owner(owned, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::ndarray<nb::numpy, T, nb::ndim<2>>(owned->data(), {owned->size() / columns, columns}, owner);
}

inline void check_shape(const char* name, size_t axis, size_t found, size_t expected) {
  if (found == expected) return;
  throw Error(ErrorKind::training, std::string(name) + ": found size " + std::to_string(found) + " on axis " +
                                       std::to_string(axis) + ", expected " + std::to_string(expected));
}

inline StateLayers to_layers(const LayerArrays& arrays, int hidden, int pieces, int n_features, int n_actions,
                      StateLayers::Packed& packed) {
  if (hidden < 1 || pieces < 1 || hidden > 65536 || pieces > 64) {
    throw Error(ErrorKind::training, "hidden and pieces: found " + std::to_string(hidden) + " and " +
                                         std::to_string(pieces) + ", expected 1 to 65536 and 1 to 64");
  }
  const auto& [padding, bias, upper_weight, upper_bias] = arrays;
  const size_t wide = size_t(hidden) * size_t(pieces);
  check_shape("padding", 0, padding.shape(0), size_t(n_features));
  check_shape("padding", 1, padding.shape(1), wide);
  check_shape("bias", 0, bias.shape(0), wide);
  check_shape("upper_weight", 0, upper_weight.shape(0), size_t(n_actions));
  check_shape("upper_weight", 1, upper_weight.shape(1), size_t(hidden));
  check_shape("upper_bias", 0, upper_bias.shape(0), size_t(n_actions));
  StateLayers layers;
  layers.n_features = n_features;
  layers.hidden = hidden;
  layers.pieces = pieces;
  layers.n_actions = n_actions;
  layers.padding = padding.data();
  layers.bias = bias.data();
  layers.upper_weight = upper_weight.data();
  layers.upper_bias = upper_bias.data();
  layers.pack(packed);
  return layers;
}

inline RolloutPlan to_plan(const Array<int32_t, 1>& lengths, size_t n_words, float exploration, uint64_t seed,
                    int n_threads) {
  RolloutPlan plan{{0}, exploration, seed, n_threads};
  if (!(exploration >= 0.0f && exploration <= 1.0f)) {
    throw Error(ErrorKind::training,
                "exploration: found " + std::to_string(exploration) + ", expected 0 to 1");
  }
  if (n_threads < 1)
    throw Error(ErrorKind::training,
                "n_threads: found " + std::to_string(n_threads) + ", expected 1 or more");
  for (size_t d = 0; d < lengths.shape(0); ++d) {
    const int32_t length = lengths.data()[d];
    if (length < 0 || length > INT32_MAX / 2) {
      throw Error(ErrorKind::training, "lengths[" + std::to_string(d) + "]: found " + std::to_string(length) +
                                           ", expected 0 or more words");
    }
    plan.begin.push_back(plan.begin.back() + length);
  }
  if (n_words > size_t(INT32_MAX))
    throw Error(ErrorKind::training, "rows: too many words for one batch; make it smaller");
  check_shape("rows", 0, n_words, size_t(plan.begin.back()));
  return plan;
}

template <typename T>
void check_values(const Array<T, 1>& values, size_t n, int64_t low, int64_t high, const char* name) {
  check_shape(name, 0, values.shape(0), n);
  for (size_t i = 0; i < n; ++i) {
    const auto value = int64_t(values.data()[i]);
    if (value >= low && value <= high) continue;
    throw Error(ErrorKind::training, std::string(name) + "[" + std::to_string(i) + "]: found " +
                                         std::to_string(value) + ", expected " + std::to_string(low) +
                                         " to " + std::to_string(high));
  }
}

inline void check_heads(const Array<int32_t, 1>& heads, const RolloutPlan& plan) {
  check_shape("heads", 0, heads.shape(0), size_t(plan.begin.back()));
  for (size_t d = 0; d + 1 < plan.begin.size(); ++d) {
    for (int64_t i = plan.begin[d]; i < plan.begin[d + 1]; ++i) {
      const int32_t head = heads.data()[i];
      if (head >= -1 && head < plan.begin[d + 1] - plan.begin[d]) continue;
      throw Error(ErrorKind::training, "heads: found " + std::to_string(head) + " at word " +
                                           std::to_string(i - plan.begin[d]) + " of document " +
                                           std::to_string(d) + ", expected -1 or a word of the document");
    }
  }
}

}  // namespace treelet
