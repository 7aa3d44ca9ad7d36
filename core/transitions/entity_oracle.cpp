#include "transitions/entity_oracle.h"

#include <algorithm>

#include "base/error.h"

namespace treelet {

void EntityOracle::reset(int32_t n_words, const GoldEntities& gold) {
  const auto n = size_t(n_words);
  n_words_ = n_words;
  last_.assign(n, kNone);
  label_.assign(n, kNone);
  annotated_before_.assign(n + 1, 0);
  for (size_t i = 0; i < n;) {
    const bool entity = gold.iob[i] == Iob::begin || gold.iob[i] == Iob::inside;
    size_t end = i + 1;
    bool crosses = false;
    while (entity && end < n && gold.iob[end] == Iob::inside && gold.labels[end] == gold.labels[i]) {
      crosses |= gold.starts && gold.starts[end] == 1;
      ++end;
    }
    if (entity && !crosses) {
      last_[i] = int32_t(end) - 1;
      label_[i] = gold.labels[i];
    }
    const bool known = gold.iob[i] != Iob::missing && !crosses;
    for (; i < end; ++i) annotated_before_[i + 1] = annotated_before_[i] + known;
  }
  wrong_.assign(gold.wrong, gold.wrong + gold.n_wrong);
  no_cross_.clear();
  if (wrong_.empty()) return;
  std::sort(wrong_.begin(), wrong_.end(),
            [](const WrongEntity& a, const WrongEntity& b) { return a.first < b.first; });
  no_cross_.assign(n, 0);
  for (size_t i = 0; gold.starts && i < n; ++i) no_cross_[i] = gold.starts[i] == 1;
  check_consistent();
}

void EntityOracle::check_consistent() const {
  const auto n_labels = int32_t(system_.labels().size());
  for (const WrongEntity& wrong : wrong_) {
    const int32_t first = wrong.first;
    if (!begins(first) || last_[size_t(first)] != wrong.last) continue;
    const int32_t gold = label_[size_t(first)];
    bool possible = false;
    for (int32_t label = 0; label < n_labels; ++label) possible |= matches(first, label);
    if (possible || n_labels == 0) continue;
    const std::string name = gold == kNone ? "any label" : "'" + system_.labels()[size_t(gold)] + "'";
    throw Error(ErrorKind::training, "words " + std::to_string(first) + " to " + std::to_string(wrong.last) +
                                         ": found an entity with " + name +
                                         " that is known to be wrong, too; take out one of the two");
  }
}

bool EntityOracle::matches(int32_t first, int32_t label) const {
  if (!begins(first) || (label_[size_t(first)] != kNone && label_[size_t(first)] != label)) return false;
  return wrong_.empty() || !is_wrong(first, last_[size_t(first)], label);
}

bool EntityOracle::is_wrong(int32_t first, int32_t last, int32_t label) const {
  auto wrong = std::lower_bound(wrong_.begin(), wrong_.end(), first,
                                [](const WrongEntity& w, int32_t word) { return w.first < word; });
  for (; wrong != wrong_.end() && wrong->first == first; ++wrong) {
    if (wrong->last == last && (wrong->label == kNone || wrong->label == label)) return true;
  }
  return false;
}

bool EntityOracle::annotated(int32_t first, int32_t last) const {
  const int32_t end = std::min(last + 1, n_words_);
  return annotated_before_[size_t(end)] > annotated_before_[size_t(first)];
}

int32_t EntityOracle::spurious(int32_t first, int32_t last, int32_t label) const {
  return annotated(first, last) || is_wrong(first, last, label);
}

// Least loss still to come when an entity from `first` is open before `next` and can no longer be gold.
int32_t EntityOracle::off_track(int32_t first, int32_t next, int32_t label) const {
  if (wrong_.empty() || annotated(first, next)) return annotated(first, next) + begins(next);
  for (int32_t last = next; last < n_words_; ++last) {
    if (annotated(last, last) || (last > next && no_cross_[size_t(last)])) break;
    if (!is_wrong(first, last, label)) return 0;
  }
  return 1;
}

int32_t EntityOracle::action_cost(EntityMove move, int32_t label, const EntityState& state) const {
  const int32_t word = state.next, first = state.open_first;
  const int32_t missed = begins(word);
  switch (move) {
    case EntityMove::out: return missed;
    case EntityMove::unit:
      if (matches(word, label) && last_[size_t(word)] == word) return 0;
      return missed + spurious(word, word, label);
    case EntityMove::begin:
      if (matches(word, label) && last_[size_t(word)] > word) return 0;
      return missed + off_track(word, word + 1, label);
    case EntityMove::inside:
    case EntityMove::last: break;
  }
  const bool on_track = matches(first, label) && last_[size_t(first)] >= word;
  const bool ends = on_track && last_[size_t(first)] == word;
  if (on_track) {
    if (move == EntityMove::last) return ends ? 0 : 2;
    return ends ? 1 + off_track(first, word + 1, label) : 0;
  }
  const int32_t after =
      move == EntityMove::last ? spurious(first, word, label) : off_track(first, word + 1, label);
  return missed + after - off_track(first, word, label);
}

void EntityOracle::costs(const EntityState& state, int32_t* costs) const {
  for (int32_t a = 0; a < system_.n_actions(); ++a) {
    const EntityMove move = EntityMoves::move(a);
    const bool continues = move == EntityMove::inside || move == EntityMove::last;
    const bool possible = continues ? state.open_label == EntityMoves::label(a) : state.open_first == kNone;
    costs[a] = possible ? action_cost(move, EntityMoves::label(a), state) : INT32_MAX;
  }
}

void EntityOracle::mark_gold(const EntityState& state, const uint8_t* valid, uint8_t* gold) const {
  int32_t least = INT32_MAX;
  std::fill(gold, gold + system_.n_actions(), uint8_t(0));
  for (int32_t a = 0; a < system_.n_actions(); ++a) {
    if (!valid[a]) continue;
    const int32_t cost = action_cost(EntityMoves::move(a), EntityMoves::label(a), state);
    if (cost < least) std::fill(gold, gold + a, uint8_t(0));
    least = std::min(least, cost);
    gold[a] = cost == least;
  }
}

}  // namespace treelet
