// The words that a state shows -> one score an action, with the scratch that takes.
#pragma once

#include <bit>
#include <string>
#include <vector>

#include "base/error.h"
#include "network/layers.h"
#include "network/state_layers.h"

namespace treelet {

class StateScorer {
 public:
  std::vector<int32_t> words;  // (n_features) indices into rows, negative = none: filled before score()
  std::vector<float> scores;   // (n_actions), then zeros up to a multiple of kRowAlign

  void fit(const StateLayers& layers) {
    words.resize(size_t(layers.n_features));
    scores.resize(size_t(padded_width(layers.n_actions)));
    scratch_.resize(size_t(layers.hidden) * size_t(layers.pieces + 1));
  }

  // Throws Error(kind) when a score is not finite: nothing sensible can be chosen then.
  void score(const StateLayers& layers, const float* rows, ErrorKind kind) {
    layers.score(rows, words.data(), scratch_.data(), scores.data());
    constexpr uint32_t kExponent = 0x7F800000;  // all ones in infinities and NaN
    uint32_t damaged = 0;
    for (const float score : scores) damaged |= uint32_t((std::bit_cast<uint32_t>(score) & kExponent) == kExponent);
    if (!damaged) return;
    throw Error(kind,
                "state layers: found a score that is not finite, expected numbers; the weights or token "
                "vectors are damaged");
  }

 private:
  std::vector<float> scratch_;
};

// Throws Error(settings) unless the shapes belong together and no array is missing.
inline void check_layers(const StateLayers& layers, int n_features, int n_actions, const std::string& where) {
  const auto must_be = [&](const char* what, int found, int expected) {
    if (found == expected) return;
    throw Error(ErrorKind::settings, where + ": found " + std::to_string(found) + " " + what + ", expected " +
                                         std::to_string(expected));
  };
  must_be("features", layers.n_features, n_features);
  must_be("actions", layers.n_actions, n_actions);
  if (layers.hidden < 1 || layers.pieces < 1)
    throw Error(ErrorKind::settings, where + ": hidden and pieces must be at least 1");
  if (!layers.padding || !layers.bias || !layers.upper_weight || !layers.upper_bias) {
    throw Error(ErrorKind::settings, where + ": an array of the state layers is missing");
  }
}

}  // namespace treelet
