// Gold annotation and lower-layer rows -> what a beam weighs against each other, for structured updates.
//
// The beam walks each document; candidates all of whose actions were of least cost are "right". Where the last
// of them falls off the beam (or the document ends) a window closes: its candidates, the fallen one with them,
// compete (early update, Collins and Roark 2004, with the scores of the whole beam as in Andor et al. 2016),
// and the walk begins anew from the best candidate, by `plan.exploration`, or else from the fallen one (Daumé
// and Marcu 2005). The dynamic oracle makes either a fair start. For teaching only.
#pragma once

#include "annotators/rollout.h"
#include "network/state_layers.h"
#include "transitions/arc_eager_oracle.h"
#include "transitions/entity_oracle.h"
#include "transitions/state_features.h"

namespace treelet {

// Windows that teach something, in the order of the documents. Steps that all candidates of a window share,
// and those without alternative, are left out.
struct BeamWindows {
  std::vector<int32_t> positions;  // (states, features), as in RolloutStates
  std::vector<uint8_t> valid;      // (states, actions)
  std::vector<int32_t> steps;      // (steps, 3): candidate, state, action
  std::vector<int32_t> candidates; // (candidates, 2): window, 1 when right
};

// Arguments and errors: as of roll_parser and roll_entities; width: candidates kept.
BeamWindows beam_parser(const ArcEager& system, const ParseFeatures& features, const StateLayers& layers,
                        const float* rows, const GoldTree& gold, const RolloutPlan& plan, int width);
BeamWindows beam_entities(const EntityMoves& system, const EntityFeatures& features, const StateLayers& layers,
                          const float* rows, const GoldEntities& gold, const RolloutPlan& plan, int width);

}  // namespace treelet
