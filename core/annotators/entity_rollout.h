// Gold entities and lower-layer rows -> the states that the recognizer comes to, and which of their actions
// are right.
#pragma once

#include "annotators/rollout.h"
#include "network/state_layers.h"
#include "transitions/entity_oracle.h"
#include "transitions/state_features.h"

namespace treelet {

// rows: (words, layers.row_size()). gold: columns over all words; where starts are given, no walk crosses
// them; wrong entities in order of their first words, each within one document. Throws Error(settings) when the
// layers do not fit, Error(training) when a score is not finite or an entity is gold and wrong.
RolloutStates roll_entities(const EntityMoves& system, const EntityFeatures& features,
                            const StateLayers& layers, const float* rows, const GoldEntities& gold,
                            const RolloutPlan& plan);

}  // namespace treelet
