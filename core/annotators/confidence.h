// What a walk knew when it decided -> how probable it is that the decision is right.
//
// A walk's own probabilities are too sure of themselves. A calibration is a logistic regression with very
// few weights (Platt 1999) on the log-odds of what the walk knew, fitted on documents that did not teach it;
// without one, probabilities are the walk's own.
#pragma once

#include <cmath>

#include "network/weights.h"

namespace treelet {

constexpr float kMostOdds = 1e6f;  // nothing is surer than a million to one

inline float log_odds(float odds) {
  return std::log(odds < 1 / kMostOdds ? 1 / kMostOdds : odds > kMostOdds ? kMostOdds : odds);
}
inline float from_log_odds(float value) { return 1.0f / (1.0f + std::exp(-value)); }

enum class Side : uint8_t { left = 0, right = 1, root = 2 };  // of its head that a word stands on

// What the parser knew of one word's head. All are natural logarithms.
struct HeadEvidence {
  Side side = Side::root;
  float arc = 0;           // odds of the move that made the arc, whatever its label; 0 for a root
  float weakest = 0;       // odds of the least probable move made while the word was S0 or B0
  float label = 0;         // odds of the label among all labels of that move; 0 for a root
  float log_distance = 0;  // 1 + words between the word and its head; 0 for a root
};

struct HeadCalibration {
  // Per side: offset, then weights of arc, weakest, log_distance.
  float head[3][4] = {{0, 1, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}};
  float label[2] = {0, 1};  // offset, weight of label

  HeadCalibration() = default;
  // From `<name>.calibration` (3, 4) and `<name>.label_calibration` (2), where there are such weights.
  HeadCalibration(const Weights& weights, const std::string& name);

  float head_probability(const HeadEvidence& e) const {
    const float* w = head[size_t(e.side)];
    return from_log_odds(w[0] + w[1] * e.arc + w[2] * e.weakest + w[3] * e.log_distance);
  }
  // That the relation is right where the head is.
  float label_probability(const HeadEvidence& e) const {
    return e.side == Side::root ? 1.0f : from_log_odds(label[0] + label[1] * e.label);
  }
};

// What the recognizer knew of one entity. Both are natural logarithms.
struct EntityEvidence {
  float all = 0;         // odds of the product of its actions' probabilities
  float log_length = 0;  // words
};

struct EntityCalibration {
  // Offset, then weights of all, of all where it is below 2 and below 0 (else of 2 and 0), of log_length: what is
  // improbable and what is sure need slopes of their own.
  float weights[5] = {0, 1, 0, 0, 0};

  EntityCalibration() = default;
  // From `<name>.calibration` (5), where there is such a weight.
  EntityCalibration(const Weights& weights, const std::string& name);

  float probability(const EntityEvidence& e) const {
    const float below_two = e.all < 2 ? e.all : 2, below_zero = e.all < 0 ? e.all : 0;
    return from_log_odds(weights[0] + weights[1] * e.all + weights[2] * below_two + weights[3] * below_zero +
                         weights[4] * e.log_length);
  }
};

}  // namespace treelet
