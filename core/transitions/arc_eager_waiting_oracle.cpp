// The oracle without repairs: the arc that words waiting for the sentence's last word cost.
#include <algorithm>

#include "transitions/arc_eager_oracle.h"

namespace treelet {

// The last word of a sentence, its head, that one's head and so on: in a projective tree each to the left of
// the one before. Stops at a head that is missing.
void ArcEagerOracle::mark_spines() {
  spine_head_.assign(head_.size(), kNone);
  for (auto end = int32_t(head_.size()); end > 0; --end) {
    if (next_boundary_[size_t(end - 1)] != end) continue;
    for (int32_t word = end - 1, g; (g = head_[size_t(word)]) >= 0 && g < word; word = g) {
      if (next_boundary_[size_t(g)] != end) break;
      std::fill(spine_head_.begin() + g + 1, spine_head_.begin() + word + 1, g);
    }
  }
}

// Without repairs: 1 when one more arc must be lost, because the gold ancestors of the sentence's last word
// lead to a word of S at or above the waiting one: see the header.
int32_t ArcEagerOracle::held_up(const Front& f, const ParseState& state) const {
  if (f.waiting == kNone || f.next >= f.limit) return 0;
  const auto b0 = size_t(f.next);
  const int32_t g = f.next + 1 == f.limit ? head_[b0] : spine_head_[b0];
  if (g < f.waiting || g >= f.next || g == f.popped) return 0;
  if (g != f.pushed && !state.on_stack[size_t(g)]) return 0;
  // Where the sentence may as well go on, words after it take the waiting ones.
  const int32_t end = std::min(f.limit, next_boundary_[b0]);
  const bool may_go_on = end < f.limit && start_[size_t(end)] == 0;
  return !may_go_on || f.roots + roots_ahead(end, f.limit) > 1;
}

int32_t ArcEagerOracle::held_up(const ParseState& state) const {
  return held_up({state.next, state.limit, state.waiting, kNone, kNone, roots_held_}, state);
}

// The same after B0 went on S.
int32_t ArcEagerOracle::held_up_by_push(bool headless, const ParseState& state) const {
  const bool empty = state.stack.empty();
  const int32_t waiting = headless && !empty && state.waiting == kNone ? state.next : state.waiting;
  const int32_t roots = roots_held_ + (empty && head_[size_t(state.next)] == state.next);
  return held_up({state.next + 1, state.limit, waiting, state.next, kNone, roots}, state);
}

// The same after S0 went for good.
int32_t ArcEagerOracle::held_up_by_pop(const ParseState& state) const {
  const int32_t s0 = state.stack_word(0);
  const int32_t waiting = s0 == state.waiting ? kNone : state.waiting;
  return held_up({state.next, state.limit, waiting, kNone, s0, roots_held_}, state);
}

}  // namespace treelet
