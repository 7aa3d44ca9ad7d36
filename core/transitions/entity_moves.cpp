#include "transitions/entity_moves.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "base/error.h"

namespace treelet {

void EntityState::reset(int32_t n, const EntityPresets& presets) {
  const auto size = size_t(n);
  n_words = n;
  next = 0;
  open_first = open_label = closed_first = closed_last = kNone;
  iob.assign(size, Iob::missing);
  label.assign(size, kNone);
  no_cross.assign(size, 0);
  if (presets.starts) {
    for (size_t i = 0; i < size; ++i) no_cross[i] = presets.starts[i] == 1;
  }
  blank.clear();
  if (presets.blank) blank.assign(presets.blank, presets.blank + n);
  preset.assign(size, Iob::missing);
  required.assign(size, kNone);
  free = !presets.iob;
  if (free) return;
  preset.assign(presets.iob, presets.iob + n);
  int32_t carried = kNone;  // label given so far in the entity that the previous word is in
  for (size_t i = 0; i < size; ++i) {
    const bool in_entity = preset[i] == Iob::begin || preset[i] == Iob::inside;
    if (in_entity && presets.labels) required[i] = presets.labels[i];
    if (preset[i] == Iob::inside) {
      const bool after_blank = i > 0 && !blank.empty() && blank[i - 1] && preset[i - 1] == Iob::missing;
      const bool broken = i == 0 || no_cross[i] || preset[i - 1] == Iob::outside || after_blank;
      const bool other = carried != kNone && required[i] != kNone && required[i] != carried;
      if (broken || other) preset[i] = Iob::begin;
      else if (required[i] == kNone) required[i] = carried;
    }
    carried = in_entity ? required[i] : kNone;
  }
  for (size_t i = size; i-- > 1;) {
    if (preset[i] == Iob::inside && required[i - 1] == kNone) required[i - 1] = required[i];
  }
}

bool EntityState::may_go_on(int32_t with_label) const {
  const size_t after = size_t(next) + 1;
  if (after >= size_t(n_words) || no_cross[after]) return false;
  if (preset[after] == Iob::outside || preset[after] == Iob::begin) return false;
  if (preset[after] == Iob::missing && preset[size_t(next)] != Iob::missing) return false;
  return required[after] == kNone || required[after] == with_label;
}

void EntityState::copy_from(const EntityState& other, int32_t first) {
  next = other.next;
  open_first = other.open_first;
  open_label = other.open_label;
  closed_first = other.closed_first;
  closed_last = other.closed_last;
  if (first >= next) return;
  std::copy(other.iob.begin() + first, other.iob.begin() + next, iob.begin() + first);
  std::copy(other.label.begin() + first, other.label.begin() + next, label.begin() + first);
}

bool EntityState::same_future(const EntityState& other) const {
  return next == other.next && open_first == other.open_first && open_label == other.open_label &&
         closed_first == other.closed_first && closed_last == other.closed_last;
}

int32_t EntityState::first_difference(const EntityState& other, int32_t first, int32_t last) const {
  while (first < last && iob[size_t(first)] == other.iob[size_t(first)] &&
         label[size_t(first)] == other.label[size_t(first)]) {
    ++first;
  }
  return first;
}

EntityMoves::EntityMoves(const std::vector<std::string>& labels) : labels_(labels) {
  std::unordered_set<std::string_view> known;
  for (size_t i = 0; i < labels.size(); ++i) {
    if (!labels[i].empty() && known.insert(labels[i]).second) continue;
    throw Error(ErrorKind::settings, "labels[" + std::to_string(i) + "]: found '" + labels[i] +
                                         "', expected names that are "
                                         "not empty, each once");
  }
}

std::vector<std::string> EntityMoves::action_names() const {
  std::vector<std::string> names = {"Out"};
  for (const auto& label : labels_) {
    for (const char* move : {"Begin-", "Inside-", "Last-", "Unit-"}) names.push_back(move + label);
  }
  return names;
}

void EntityMoves::mark_valid(const EntityState& state, uint8_t* valid) const {
  std::fill(valid, valid + n_actions(), uint8_t(0));
  if (state.is_final()) return;
  const bool must = state.must_go_on();
  if (state.open_first != kNone) {
    const int32_t label = state.open_label;
    valid[action(EntityMove::inside, label)] = state.may_go_on(label);
    valid[action(EntityMove::last, label)] = !must;
    return;
  }
  const auto word = size_t(state.next);
  valid[0] = state.preset[word] != Iob::begin && !must;
  if (state.preset[word] == Iob::outside || state.may_not_begin()) return;
  for (int32_t label = 0; label < int32_t(labels_.size()); ++label) {
    if (state.required[word] != kNone && state.required[word] != label) continue;
    valid[action(EntityMove::begin, label)] = state.may_go_on(label);
    valid[action(EntityMove::unit, label)] = !must;
  }
}

void EntityMoves::apply(int32_t action, EntityState& state) const {
  const auto word = size_t(state.next);
  const EntityMove made = move(action);
  state.label[word] = label(action);
  const bool first = made == EntityMove::begin || made == EntityMove::unit;
  state.iob[word] = made == EntityMove::out ? Iob::outside : first ? Iob::begin : Iob::inside;
  if (made == EntityMove::begin) {
    state.open_first = state.next;
    state.open_label = label(action);
  } else if (made == EntityMove::last || made == EntityMove::unit) {
    state.closed_first = made == EntityMove::unit ? state.next : state.open_first;
    state.closed_last = state.next;
    state.open_first = state.open_label = kNone;
  }
  ++state.next;
}

int32_t best_of(const uint8_t* allowed, const float* scores, int32_t n_actions) {
  int32_t best = kNone;
  for (int32_t a = 0; a < n_actions; ++a) {
    if (allowed[a] && (best == kNone || scores[a] > scores[best])) best = a;
  }
  return best;
}

}  // namespace treelet
