#include "transitions/arc_eager_oracle.h"

#include <algorithm>

namespace treelet {

namespace {

// Presets cut the words into runs that no arc crosses; returns the run of each word.
std::vector<int32_t> preset_runs(const ParseState& state) {
  std::vector<int32_t> run(size_t(state.n_words), 0);
  for (size_t i = 1; i < run.size(); ++i) run[i] = run[i - 1] + (state.preset[i] == 1);
  return run;
}

}  // namespace

ArcEagerOracle::ArcEagerOracle(const ArcEager& system, const ArcEagerOracle& other)
    : system_(system),
      head_(other.head_),
      label_(other.label_),
      start_(other.start_),
      kids_in_buffer_(other.kids_in_buffer_),
      kids_on_stack_(other.kids_on_stack_),
      kids_elsewhere_(other.kids_elsewhere_),
      roots_before_(other.roots_before_),
      next_boundary_(other.next_boundary_),
      spine_head_(other.spine_head_),
      roots_held_(other.roots_held_) {}

void ArcEagerOracle::reset(const ParseState& state, const GoldTree& gold) {
  const auto n = size_t(state.n_words);
  head_.assign(gold.heads, gold.heads + n);
  label_.assign(gold.labels, gold.labels + n);
  start_.assign(gold.starts, gold.starts + n);
  roots_held_ = 0;
  for (auto* counts : {&kids_in_buffer_, &kids_on_stack_, &kids_elsewhere_}) counts->assign(n, 0);
  roots_before_.assign(n + 1, 0);
  next_boundary_.assign(n, int32_t(n));
  const auto run = preset_runs(state);
  std::vector<int32_t> crossing(n + 1, 0);  // change of the number of gold arcs across the gap before a word
  for (size_t d = 0; d < n; ++d) {
    const auto g = size_t(head_[d]);
    if (head_[d] >= 0 && run[g] != run[d]) head_[d] = kNone;
    if (label_[d] >= 0 && head_[d] >= 0 && g != d &&
        system_.action(d < g ? kLeft : kRight, label_[d]) == kNone) {
      label_[d] = kNone;
    }
    roots_before_[d + 1] = roots_before_[d] + (head_[d] == int32_t(d));
    if (head_[d] < 0 || g == d) continue;
    ++kids_in_buffer_[g];
    ++crossing[std::min(d, g) + 1];
    --crossing[std::max(d, g) + 1];
  }
  for (size_t i = 1; i < n; ++i) crossing[i] += crossing[i - 1];
  for (size_t i = n; i-- > 1;) {
    const bool rightly = start_[i] == 1 || (start_[i] == 0 && crossing[i] == 0);
    const bool here = state.preset[i] == 1 || (state.preset[i] == 0 && rightly);
    next_boundary_[i - 1] = here ? int32_t(i) : next_boundary_[i];
  }
  mark_spines();
}

// The word is in neither S nor B: nothing can attach to it any more.
bool ArcEagerOracle::is_gone(int32_t word, const ParseState& state) const {
  return word >= 0 && !state.on_stack[size_t(word)] && !state.in_buffer(word);
}

bool ArcEagerOracle::may_be_root(int32_t word, const ParseState& state) const {
  const bool at_bottom = !state.on_stack[size_t(word)] || state.stack.front() == word;
  return state.head[size_t(word)] < 0 && (system_.non_monotonic() || at_bottom);
}

// What the arc to this word is worth now: nothing lost, lost, or reachable by repairs.
Cost ArcEagerOracle::dependent_status(int32_t word, const ParseState& state) const {
  const auto d = size_t(word);
  const int32_t g = head_[d], head = state.head[d];
  if (g < 0) return {};
  const Cost lost{1, 0};
  if (g == word) return may_be_root(word, state) ? Cost{} : lost;
  if (head == g) return label_[d] >= 0 && state.label[d] != label_[d] ? lost : Cost{};
  const bool stacked = state.on_stack[size_t(g)], ahead = state.in_buffer(g);
  if (!state.on_stack[d]) return stacked || ahead ? Cost{} : lost;
  if (head < 0 && ahead) return {};
  if (!system_.non_monotonic()) return lost;
  const bool returns = stacked && g > word && state.head[size_t(g)] < 0;
  if (head < 0) return returns || (stacked && g < word) ? Cost{0, 1} : lost;
  return ahead ? Cost{0, 1} : returns ? Cost{0, 2} : lost;
}

int32_t ArcEagerOracle::roots_ahead(int32_t from, int32_t limit) const {
  if (from >= limit) return 0;
  const int32_t end = std::min(limit, next_boundary_[size_t(from)]);
  return roots_before_[size_t(end)] - roots_before_[size_t(from)];
}

int32_t ArcEagerOracle::surplus_roots(const ParseState& state) const {
  return std::max(0, roots_held_ + roots_ahead(state.next, state.limit) - 1);
}

// 1 when B0 is the last word before a gold start that this action would pass by.
int32_t ArcEagerOracle::missed_start(const ParseState& state) const {
  const int32_t after = state.next + 1;
  if (!state.put_back.empty() || after >= state.limit || state.preset[size_t(after)] != 0) return 0;
  return start_[size_t(after)] == 1;
}

Cost ArcEagerOracle::shift_cost(const ParseState& state) const {
  const int32_t word = state.buffer_word(0);
  const auto w = size_t(word);
  const int32_t g = head_[w];
  int32_t pending = kids_on_stack_[w] + (g >= 0 && g != word && state.on_stack[size_t(g)]);
  if (system_.non_monotonic() && !state.stack.empty()) pending += is_gone(g, state);
  Cost cost = system_.non_monotonic() ? Cost{0, pending + kids_elsewhere_[w]} : Cost{pending, 0};
  if (state.put_back.empty()) {
    const bool root = g == word, blocked = root && !system_.non_monotonic() && !state.stack.empty();
    const int32_t roots = roots_held_ + (root && !blocked) + roots_ahead(word + 1, state.limit);
    cost.lost += missed_start(state) + blocked + std::max(0, roots - 1) - surplus_roots(state);
  }
  if (!system_.non_monotonic()) cost.lost += held_up_by_push(true, state) - held_up(state);
  return cost;
}

Cost ArcEagerOracle::right_cost(const ParseState& state) const {
  const int32_t word = state.buffer_word(0), s0 = state.stack_word(0);
  const auto w = size_t(word);
  const int32_t g = head_[w];
  Cost cost{kids_on_stack_[w], 0};
  if (system_.non_monotonic()) cost = cost + Cost{kids_elsewhere_[w], -kids_elsewhere_[w]};
  if (g >= 0 && g != s0) {
    const bool repairable = system_.non_monotonic() && g != word && state.in_buffer(g);
    cost = cost + (repairable ? Cost{0, 1} : Cost{1, 0}) - dependent_status(word, state);
  }
  const bool untouched = state.put_back.empty();
  const int32_t held = roots_held_ - (!untouched && g == word);
  const int32_t roots =
      held + (untouched ? roots_ahead(word + 1, state.limit) : roots_ahead(state.next, state.limit));
  cost.lost += missed_start(state) + std::max(0, roots - 1) - surplus_roots(state);
  if (!system_.non_monotonic()) cost.lost += held_up_by_push(false, state) - held_up(state);
  return cost;
}

Cost ArcEagerOracle::left_cost(const ParseState& state) const {
  const int32_t word = state.stack_word(0), b0 = state.buffer_word(0);
  const auto s = size_t(word);
  const int32_t g = head_[s];
  Cost cost{kids_in_buffer_[s], 0};
  const bool headless = state.head[s] < 0;
  if (system_.non_monotonic() && headless) {
    const int32_t direct = kids_on_stack_[s], twice = kids_elsewhere_[s];
    cost = cost + Cost{direct + twice, -direct - 2 * twice - (state.stack.size() > 1 && is_gone(g, state))};
  }
  if (g >= 0) cost = cost + (g == b0 ? Cost{} : Cost{1, 0}) - dependent_status(word, state);
  if (g == word && may_be_root(word, state)) {
    const int32_t roots = roots_held_ - 1 + roots_ahead(state.next, state.limit);
    cost.lost += std::max(0, roots - 1) - surplus_roots(state);
  }
  if (!system_.non_monotonic()) cost.lost += held_up_by_pop(state) - held_up(state);
  return cost;
}

Cost ArcEagerOracle::reduce_cost(const ParseState& state) const {
  const int32_t word = state.stack_word(0);
  const auto s = size_t(word);
  const int32_t g = head_[s];
  if (state.head[s] >= 0) {
    const Cost now = dependent_status(word, state);
    const int32_t freed = system_.non_monotonic() ? 0 : held_up(state) - held_up_by_pop(state);
    return Cost{kids_in_buffer_[s] + (now.repairs > 0) - freed, -now.repairs};
  }
  if (state.stack.size() < 2) return {};
  const int32_t regained = kids_on_stack_[s] + (g >= 0 && g != word && state.on_stack[size_t(g)]);
  // Put back for nothing, a word must attach before it is free again: an arc that another repair undoes.
  const int32_t repaired = regained + kids_elsewhere_[s] + is_gone(g, state);
  return {0, repaired == 0 && g >= 0 && g != word ? 1 : -repaired};
}

Cost ArcEagerOracle::break_cost(const ParseState& state) const {
  const int32_t b0 = state.next, boundary = b0 + 1;
  const auto ahead = [&](int32_t g) { return g >= boundary && g < state.limit; };
  Cost cost{kids_in_buffer_[size_t(b0)] + ahead(head_[size_t(b0)]), 0};
  for (const int32_t word : state.stack) {
    const auto s = size_t(word);
    cost.lost += kids_in_buffer_[s] - (head_[size_t(b0)] == word);
    if (!ahead(head_[s])) continue;
    if (state.head[s] < 0) cost.lost += 1;
    else if (system_.non_monotonic()) cost = cost + Cost{1, -1};
  }
  cost.lost += start_[size_t(boundary)] == -1;
  cost.lost += std::max(0, roots_held_ + roots_ahead(b0, boundary) - 1) - surplus_roots(state);
  if (!system_.non_monotonic()) {
    cost.lost += held_up({b0, boundary, state.waiting, kNone, kNone, roots_held_}, state) - held_up(state);
  }
  return cost;
}

Cost ArcEagerOracle::move_cost(Move move, const ParseState& state) const {
  switch (move) {
    case kShift: return shift_cost(state);
    case kReduce: return reduce_cost(state);
    case kBreak: return break_cost(state);
    case kLeft: return left_cost(state);
    case kRight: return right_cost(state);
  }
  return {};
}

int32_t ArcEagerOracle::wanted_label(Move move, const ParseState& state) const {
  const int32_t s0 = state.stack_word(0), b0 = state.buffer_word(0);
  const int32_t head = move == kLeft ? b0 : s0, dependent = move == kLeft ? s0 : b0;
  return head_[size_t(dependent)] == head ? label_[size_t(dependent)] : kNone;
}

void ArcEagerOracle::costs(const ParseState& state, uint8_t moves, Cost* costs) const {
  Cost by_move[5];
  int32_t wanted[5] = {kNone, kNone, kNone, kNone, kNone};
  for (const Move move : {kShift, kReduce, kBreak, kLeft, kRight}) {
    if (!(moves & move_bit(move))) continue;
    by_move[move] = move_cost(move, state);
    if (move >= kLeft) wanted[move] = wanted_label(move, state);
  }
  for (int32_t a = 0; a < system_.n_actions(); ++a) {
    const Move move = system_.move(a);
    if (!(moves & move_bit(move))) continue;
    costs[a] = by_move[move];
    if (wanted[move] != kNone && system_.label(a) != wanted[move]) costs[a].lost += 1;
  }
}

void ArcEagerOracle::mark_gold(const ParseState& state, uint8_t moves, uint8_t* gold) const {
  std::fill(gold, gold + system_.n_actions(), uint8_t(0));
  // A Break where gold has none costs at least one boundary: never the only best action, so its O(stack) cost
  // is not needed.
  if ((moves & move_bit(kBreak)) && start_[size_t(state.next + 1)] == -1) moves &= uint8_t(~move_bit(kBreak));
  Cost by_move[5], least{INT32_MAX, 0};
  for (const Move move : {kShift, kReduce, kBreak, kLeft, kRight}) {
    if (!(moves & move_bit(move))) continue;
    by_move[move] = move_cost(move, state);
    least = std::min(least, by_move[move]);
  }
  for (int32_t a = 0; a < kLeft; ++a) gold[a] = (moves & move_bit(Move(a))) && by_move[a] == least;
  for (const Move move : {kLeft, kRight}) {
    if (!(moves & move_bit(move)) || by_move[move] != least) continue;
    const int32_t wanted = wanted_label(move, state);
    const int32_t first = move == kLeft ? system_.first_left() : system_.first_right();
    const int32_t last = move == kLeft ? system_.first_right() : system_.n_actions();
    if (wanted != kNone) gold[system_.action(move, wanted)] = 1;
    else std::fill(gold + first, gold + last, uint8_t(1));
  }
}

void ArcEagerOracle::observe(int32_t action, const ParseState& state) {
  const Move move = system_.move(action);
  const bool from_buffer = move == kShift || move == kRight;
  const int32_t word = from_buffer || move == kBreak ? state.buffer_word(0) : state.stack_word(0);
  const auto w = size_t(word);
  const int32_t g = head_[w];
  if (move == kBreak) {
    kids_in_buffer_[w] = 0;
    for (const int32_t s : state.stack) kids_in_buffer_[size_t(s)] = g == s;
    return;
  }
  if (g < 0) return;
  const bool root = g == word, headless = state.head[w] < 0;
  const bool puts_back = move == kReduce && headless && state.stack.size() >= 2;
  if (root) {
    const bool counted = system_.non_monotonic() || may_be_root(word, state);
    const bool to_bottom = system_.non_monotonic() || state.stack.empty();
    if (move == kShift) roots_held_ += state.put_back.empty() && to_bottom;
    else if (move == kRight) roots_held_ -= !state.put_back.empty();
    else if (headless && counted && !puts_back) --roots_held_;
    return;
  }
  const auto h = size_t(g);
  if (from_buffer) {
    --kids_in_buffer_[h];
    if (move == kShift) ++kids_on_stack_[h];
    else if (g != state.stack_word(0)) ++kids_elsewhere_[h];
  } else if (headless) {
    --kids_on_stack_[h];
    if (puts_back) ++kids_in_buffer_[h];
  } else if (state.head[w] != g) {
    --kids_elsewhere_[h];
  }
}

}  // namespace treelet
