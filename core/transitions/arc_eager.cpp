#include "transitions/arc_eager.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/error.h"

namespace treelet {

namespace {

void check_labels(const std::vector<std::string>& labels, const char* side) {
  std::unordered_set<std::string_view> known;
  for (size_t i = 0; i < labels.size(); ++i) {
    const auto where = std::string(side) + "_labels[" + std::to_string(i) + "]";
    if (labels[i].empty() || labels[i] == "root") {
      throw Error(ErrorKind::settings,
                  where + ": found '" + labels[i] + "', expected the deprel of an arc; leave it out");
    }
    if (!known.insert(labels[i]).second) {
      throw Error(ErrorKind::settings,
                  where + ": '" + labels[i] + "' stands there twice, expected each label once");
    }
  }
}

}  // namespace

ArcEager::ArcEager(const std::vector<std::string>& left_labels, const std::vector<std::string>& right_labels,
                   bool non_monotonic)
    : non_monotonic_(non_monotonic), first_right_(kLeft + int32_t(left_labels.size())), labels_(left_labels) {
  check_labels(left_labels, "left");
  check_labels(right_labels, "right");
  if (right_labels.empty()) {
    throw Error(ErrorKind::settings,
                "right_labels: found none, expected at least one; add a label such as 'dep'");
  }
  std::unordered_map<std::string, int32_t> numbers;
  for (const auto& name : left_labels) {
    left_.push_back(int32_t(left_.size()));
    numbers.emplace(name, left_.back());
  }
  for (const auto& name : right_labels) {
    const auto [entry, added] = numbers.emplace(name, int32_t(labels_.size()));
    if (added) labels_.push_back(name);
    right_.push_back(entry->second);
  }
  left_action_.assign(labels_.size(), kNone);
  right_action_.assign(labels_.size(), kNone);
  for (size_t i = 0; i < left_.size(); ++i) left_action_[size_t(left_[i])] = kLeft + int32_t(i);
  for (size_t i = 0; i < right_.size(); ++i) right_action_[size_t(right_[i])] = first_right_ + int32_t(i);
}

std::vector<std::string> ArcEager::action_names() const {
  std::vector<std::string> names = {"Shift", "Reduce", "Break"};
  for (int32_t a = kLeft; a < n_actions(); ++a) {
    names.push_back((a < first_right_ ? "Left-" : "Right-") + labels_[size_t(label(a))]);
  }
  return names;
}

int32_t ArcEager::action(Move move, int32_t label) const {
  return (move == kLeft ? left_action_ : right_action_)[size_t(label)];
}

uint8_t ArcEager::valid_moves(const ParseState& state) const {
  const size_t depth = state.stack.size(), ahead = state.buffer_size();
  const bool holds_back = !non_monotonic_ && left_.empty();  // what no Left can take must not wait
  uint8_t moves = 0;
  if (depth == 0) {
    if (ahead >= 1) moves |= move_bit(kShift);
  } else {
    const bool attached = state.head[size_t(state.stack.back())] >= 0;
    const bool puts_back = depth >= 2 && non_monotonic_;
    if (attached || puts_back || ahead == 0) moves |= move_bit(kReduce);
    if (ahead >= 1) {
      const bool bound = holds_back || state.must_attach[size_t(state.buffer_word(0))];
      if (ahead >= 2 && !bound) moves |= move_bit(kShift);
      if ((!attached || non_monotonic_) && !left_.empty()) moves |= move_bit(kLeft);
      if (ahead >= 2 || state.waiting == kNone) moves |= move_bit(kRight);
    }
  }
  if (ahead >= 2 && state.put_back.empty() && state.preset[size_t(state.next + 1)] == 0)
    moves |= move_bit(kBreak);
  return moves;
}

void ArcEager::mark_valid(uint8_t moves, uint8_t* valid) const {
  for (int32_t a = 0; a < kLeft; ++a) valid[a] = (moves >> a) & 1;
  std::fill(valid + kLeft, valid + first_right_, uint8_t((moves >> kLeft) & 1));
  std::fill(valid + first_right_, valid + n_actions(), uint8_t((moves >> kRight) & 1));
}

int32_t ArcEager::count_valid(uint8_t moves) const {
  int32_t count = 0;
  for (int32_t a = 0; a < kLeft; ++a) count += (moves >> a) & 1;
  if (moves & move_bit(kLeft)) count += int32_t(left_.size());
  if (moves & move_bit(kRight)) count += int32_t(right_.size());
  return count;
}

int32_t ArcEager::first_valid(uint8_t moves) const {
  for (int32_t a = 0; a < kLeft; ++a) {
    if ((moves >> a) & 1) return a;
  }
  return moves & move_bit(kLeft) ? kLeft : first_right_;
}

int32_t ArcEager::best(uint8_t moves, const float* scores) const {
  int32_t best = first_valid(moves);
  const auto look = [&](int32_t from, int32_t to) {
    for (int32_t a = from; a < to; ++a) {
      if (scores[a] > scores[best]) best = a;
    }
  };
  for (int32_t a = 0; a < kLeft; ++a) {
    if ((moves >> a) & 1) look(a, a + 1);
  }
  if (moves & move_bit(kLeft)) look(kLeft, first_right_);
  if (moves & move_bit(kRight)) look(first_right_, n_actions());
  return best;
}

void ArcEager::apply(int32_t action, ParseState& state) const {
  const int32_t s0 = state.stack_word(0), b0 = state.buffer_word(0);
  switch (move(action)) {
    case kShift:
      if (!non_monotonic_ && s0 != kNone && state.waiting == kNone) state.waiting = b0;
      state.push_buffer_front();
      break;
    case kReduce:
      if (state.head[size_t(s0)] < 0 && state.stack.size() >= 2) state.return_to_buffer();
      else state.pop();
      break;
    case kBreak: state.end_sentence_after(b0); break;
    case kLeft:
      state.attach(b0, s0, label(action));
      state.pop();
      if (s0 == state.waiting) state.waiting = kNone;
      if (non_monotonic_) state.must_attach[size_t(b0)] = 0;
      break;
    case kRight:
      state.attach(s0, b0, label(action));
      state.push_buffer_front();
      break;
  }
  if (state.stack.empty() && state.buffer_size() == 0) state.begin_next_sentence();
}

}  // namespace treelet
