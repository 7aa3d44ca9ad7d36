// Parser and recognizer as beam_search.h sees them.
#pragma once

#include <numeric>

#include "annotators/beam_search.h"
#include "transitions/arc_eager.h"
#include "transitions/entity_moves.h"
#include "transitions/state_features.h"

namespace treelet {

struct ParserBeam {
  using State = ParseState;
  const ArcEager& system;
  const ParseFeatures& features;

  bool is_final(const State& state) const { return state.is_final(); }
  int32_t level(const State& state) const { return state.next; }
  int32_t settled(const State& state) const { return state.sentence; }
  int32_t mark_valid(const State& state, uint8_t* valid) const {
    const uint8_t moves = system.valid_moves(state);
    system.mark_valid(moves, valid);
    return system.count_valid(moves);
  }
  void extract(const State& state, int32_t* words) const { features.extract(state, words); }
  void apply(int32_t action, State& state) const { system.apply(action, state); }
  // No feature shows a label, so of a move only its best label can win.
  void choices(const State& state, const uint8_t*, const float* scores, std::vector<int32_t>& actions) const {
    const uint8_t moves = system.valid_moves(state);
    for (const Move move : {kShift, kReduce, kBreak, kLeft, kRight})
      if (moves & move_bit(move)) actions.push_back(system.best(move_bit(move), scores));
  }
};

struct EntityBeam {
  using State = EntityState;
  const EntityMoves& system;
  const EntityFeatures& features;

  bool is_final(const State& state) const { return state.is_final(); }
  int32_t level(const State& state) const { return state.next; }
  int32_t settled(const State& state) const { return state.next; }
  int32_t mark_valid(const State& state, uint8_t* valid) const {
    system.mark_valid(state, valid);
    return std::accumulate(valid, valid + system.n_actions(), 0);
  }
  void extract(const State& state, int32_t* words) const { features.extract(state, words); }
  void apply(int32_t action, State& state) const { system.apply(action, state); }
  // Only the label of an open entity matters later, so of Units only the best can win.
  void choices(const State&, const uint8_t* valid, const float* scores, std::vector<int32_t>& actions) const {
    int32_t best_unit = kNone;
    for (int32_t action = 0; action < system.n_actions(); ++action) {
      if (!valid[action]) continue;
      if (EntityMoves::move(action) != EntityMove::unit) actions.push_back(action);
      else if (best_unit == kNone || scores[action] > scores[best_unit]) best_unit = action;
    }
    if (best_unit != kNone) actions.push_back(best_unit);
  }
};

}  // namespace treelet
