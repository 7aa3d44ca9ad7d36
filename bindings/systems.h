// The transition systems as Python holds them: actions together with the features that show a state.
#pragma once

#include "transitions/arc_eager.h"
#include "transitions/entity_moves.h"
#include "transitions/state_features.h"

namespace treelet {

struct ParserSystem {
  ArcEager system;
  ParseFeatures features;
};

struct EntitySystem {
  EntityMoves system;
  EntityFeatures features;
};

}  // namespace treelet
