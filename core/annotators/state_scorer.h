// The words that a state shows -> one score an action, and the best action allowed, with the scratch that takes.
#pragma once

#include <bit>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "network/layers.h"
#include "network/state_layers.h"

namespace treelet {

constexpr float kForbidden = -std::numeric_limits<float>::infinity();  // in an array of penalties

class StateScorer {
 public:
  std::vector<int32_t> words;  // (n_features) indices into rows, negative = none: filled before score()
  std::vector<float> scores;   // (n_actions), then zeros up to a multiple of kRowAlign

  void fit(const StateLayers& layers) {
    words.resize(size_t(layers.n_features));
    scores.resize(size_t(layers.padded_actions()));
    scratch_.resize(size_t(layers.hidden) * size_t(layers.pieces));
  }

  // Throws Error(kind) when a score is not finite: nothing sensible can be chosen then.
  void score(const StateLayers& layers, const float* rows, ErrorKind kind) {
    layers.score(rows, words.data(), scratch_.data(), scores.data());
    constexpr uint32_t kExponent = 0x7F800000;  // all ones in infinities and NaN
    uint32_t damaged = 0;
    for (const float score : scores) damaged |= uint32_t((std::bit_cast<uint32_t>(score) & kExponent) == kExponent);
    if (damaged) fail(kind);
  }

  // The same, and the action of the highest score, the lowest index among equals. penalties: 0 where an action is
  // allowed, else kForbidden, also past n_actions up to a multiple of kRowAlign; some action is allowed.
  int32_t choose(const StateLayers& layers, const float* rows, const float* penalties, ErrorKind kind) {
    layers.score(rows, words.data(), scratch_.data(), scores.data());
    const int best = kernels().choose(scores.data(), penalties, layers.n_actions);
    if (best < 0) fail(kind);
    return best;
  }

 private:
  [[noreturn]] static void fail(ErrorKind kind) {
    throw Error(kind,
                "state layers: found a score that is not finite, expected numbers; the weights or token "
                "vectors are damaged");
  }

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
  if (layers.n_features > kMostFeatures)
    throw Error(ErrorKind::settings, where + ": " + std::to_string(n_features) + " features, expected " +
                                         std::to_string(kMostFeatures) + " at most");
  if (!layers.padding || !layers.bias || !layers.upper_transposed)
    throw Error(ErrorKind::settings, where + ": an array of the state layers is missing");
}

}  // namespace treelet
