// Where a recognizer stands -> what StateScorer::choose adds to the scores of its actions.
#pragma once

#include <algorithm>

#include "annotators/state_scorer.h"
#include "transitions/entity_moves.h"

namespace treelet {

class EntityPenalties {
 public:
  // What is allowed in a state: the only action, or penalties of all of them.
  struct Allowed {
    int32_t only;            // kNone: there is a choice
    const float* penalties;  // (n_actions padded to kRowAlign); null without a choice
  };
  // Scratch of one thread.
  struct State {
    std::vector<uint8_t> valid;
    std::vector<float> penalties;
  };

  explicit EntityPenalties(const EntityMoves& system) : padded_(size_t(padded_width(system.n_actions()))) {
    for (auto* row : {&may_open_, &may_not_}) row->assign(padded_, kForbidden);
    may_open_[0] = may_not_[0] = 0.0f;
    for (int32_t label = 0; label < int32_t(system.labels().size()); ++label) {
      may_open_[size_t(EntityMoves::action(EntityMove::begin, label))] = 0.0f;
      for (auto* row : {&may_open_, &may_not_}) (*row)[size_t(EntityMoves::action(EntityMove::unit, label))] = 0.0f;
    }
  }

  // As EntityMoves::mark_valid; without presets there are few cases.
  Allowed find(const EntityMoves& system, const EntityState& state, State& scratch) const {
    if (!state.free || system.labels().empty()) return find_any(system, state, scratch);
    if (state.open_first == kNone) {
      if (state.may_not_begin()) return {0, nullptr};
      return {kNone, (state.may_go_on(kNone) ? may_open_ : may_not_).data()};
    }
    const int32_t inside = EntityMoves::action(EntityMove::inside, state.open_label);
    const int32_t last = EntityMoves::action(EntityMove::last, state.open_label);
    if (!state.may_go_on(state.open_label)) return {last, nullptr};
    scratch.penalties.assign(padded_, kForbidden);
    scratch.penalties[size_t(inside)] = scratch.penalties[size_t(last)] = 0.0f;
    return {kNone, scratch.penalties.data()};
  }

 private:
  Allowed find_any(const EntityMoves& system, const EntityState& state, State& scratch) const {
    scratch.valid.resize(size_t(system.n_actions()));
    system.mark_valid(state, scratch.valid.data());
    scratch.penalties.assign(padded_, kForbidden);
    int32_t only = kNone, n_allowed = 0;
    for (size_t a = 0; a < scratch.valid.size(); ++a) {
      if (!scratch.valid[a]) continue;
      scratch.penalties[a] = 0.0f;
      only = int32_t(a);
      ++n_allowed;
    }
    if (n_allowed == 1) return {only, nullptr};
    return {kNone, scratch.penalties.data()};
  }

  size_t padded_;
  std::vector<float> may_open_, may_not_;  // nothing is open, and an entity of two words may begin, or may not
};

}  // namespace treelet
