// The moves that a parser may make -> what StateScorer::choose adds to the scores of its actions.
#pragma once

#include <algorithm>

#include "annotators/state_scorer.h"
#include "transitions/arc_eager.h"

namespace treelet {

class MovePenalties {
 public:
  explicit MovePenalties(const ArcEager& system) : padded_(size_t(padded_width(system.n_actions()))) {
    penalties_.resize(kMoveSets * padded_);
    for (size_t moves = 0; moves < kMoveSets; ++moves) {
      float* row = penalties_.data() + moves * padded_;
      std::fill_n(row, padded_, kForbidden);
      for (int32_t a = 0; a < system.n_actions(); ++a)
        if (moves & move_bit(system.move(a))) row[a] = 0.0f;
    }
  }

  // moves: a move_bit each, at least one.
  const float* of(uint8_t moves) const { return penalties_.data() + moves * padded_; }

 private:
  static constexpr size_t kMoveSets = 32;
  size_t padded_;
  AlignedFloats penalties_;  // (kMoveSets, padded actions)
};

}  // namespace treelet
