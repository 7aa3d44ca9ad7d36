// The choices of a walk, one a step, for people who want to see why: what was taken, and what else was allowed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "doc/doc.h"

namespace treelet {

struct RankedAction {
  int32_t action = 0;
  float score = 0.0f;
  double probability = 1.0;  // softmax over the allowed actions
};

struct TracedStep {
  int32_t n_allowed = 1;             // 1: nothing was scored
  std::vector<RankedAction> ranked;  // the action taken, then the best of the others, best first
};

// The steps over words [begin, end) of a document.
struct TracedSegment {
  size_t begin = 0, end = 0;
  std::vector<SentStart> presets;  // (end - begin): sentence starts that the walk was given
  std::vector<TracedStep> steps;
};

// allowed, scores: (n_actions), scores read only where more than one action is allowed. At most `most`
// alternatives are kept.
TracedStep trace_step(int32_t taken, const std::vector<uint8_t>& allowed, const std::vector<float>& scores,
                      size_t most);

}  // namespace treelet
