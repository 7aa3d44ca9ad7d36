// A parser's walk, action by action, in; what it knew of every word's head out.
#pragma once

#include <vector>

#include "annotators/confidence.h"
#include "transitions/arc_eager.h"

namespace treelet {

// What was chosen in a state, and from what.
struct ParseDecision {
  uint8_t moves;        // those allowed, a move_bit each
  int32_t action;       // the allowed action of the highest score
  const float* scores;  // (n_actions); null when nothing else was allowed
};

// Scratch of one thread.
class HeadConfidence {
 public:
  void reset(int32_t n_words);
  // Called before the action is applied.
  void observe(const ArcEager& system, const ParseDecision& decision, const ParseState& state);
  // Called when the walk is over: what it knew of every word, in order.
  const std::vector<HeadEvidence>& finish(const ParseState& state);
  const std::vector<HeadEvidence>& evidence() const { return evidence_; }

 private:
  std::vector<float> arc_, label_, weakest_;  // odds, per word
  std::vector<HeadEvidence> evidence_;
};

}  // namespace treelet
