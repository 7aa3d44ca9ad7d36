// Gold trees and lower-layer rows -> the states that the parser comes to, and which of their actions are
// right.
#pragma once

#include "annotators/rollout.h"
#include "network/state_layers.h"
#include "transitions/arc_eager_oracle.h"
#include "transitions/state_features.h"

namespace treelet {

// rows: (words, layers.row_size()). gold: columns over all words; heads are relative to their document and
// inside it. presets: sentence starts that the walk is given, over all words (1, -1, 0 free), or nullptr. Throws Error(settings) when the layers do not fit, Error(training) when a
// score is not finite.
RolloutStates roll_parser(const ArcEager& system, const ParseFeatures& features, const StateLayers& layers,
                          const float* rows, const GoldTree& gold, const RolloutPlan& plan,
                          const SentStart* presets = nullptr);

}  // namespace treelet
