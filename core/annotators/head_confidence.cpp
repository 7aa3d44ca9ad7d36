#include "annotators/head_confidence.h"

#include <algorithm>
#include <array>

#include "network/kernels.h"

namespace treelet {

namespace {

// The word that an arc would make a dependent, kNone for other moves.
int32_t dependent_of(Move move, const ParseState& state) {
  return move == kLeft ? state.stack_word(0) : move == kRight ? state.buffer_word(0) : kNone;
}

// Of 1 + distance; most are short.
float log_distance(int32_t distance) {
  constexpr int32_t kShort = 64;
  static const std::array<float, kShort> table = [] {
    std::array<float, kShort> logs;
    for (int32_t d = 0; d < kShort; ++d) logs[size_t(d)] = std::log(float(d + 1));
    return logs;
  }();
  return distance < kShort ? table[size_t(distance)] : std::log(float(distance + 1));
}

}  // namespace

void HeadConfidence::reset(int32_t n_words) {
  for (auto* column : {&arc_, &label_, &weakest_}) column->assign(size_t(n_words), kMostOdds);
}

void HeadConfidence::observe(const ArcEager& system, const ParseDecision& decision, const ParseState& state) {
  const auto [moves, action, scores] = decision;
  const Move made = system.move(action);
  const int32_t dependent = dependent_of(made, state);
  if (!scores) {
    if (dependent >= 0) arc_[size_t(dependent)] = label_[size_t(dependent)] = kMostOdds;
    return;
  }
  float of_move[5];  // exp(score − the action's), summed over the actions of each move
  kernels().sum_exp({scores, kLeft, system.first_right(), system.n_actions(), scores[action]}, of_move);

  float others = 0;
  for (int32_t m = 0; m <= kRight; ++m)
    if (m != made && (moves & move_bit(Move(m)))) others += of_move[m];
  const float odds = others * kMostOdds > of_move[made] ? of_move[made] / others : kMostOdds;
  for (const int32_t word : {state.stack_word(0), state.buffer_word(0)})
    if (word >= 0) weakest_[size_t(word)] = std::min(weakest_[size_t(word)], odds);
  if (dependent < 0) return;
  const float other_labels = of_move[made] - 1.0f;
  arc_[size_t(dependent)] = odds;
  label_[size_t(dependent)] = other_labels * kMostOdds > 1.0f ? 1.0f / other_labels : kMostOdds;
}

const std::vector<HeadEvidence>& HeadConfidence::finish(const ParseState& state) {
  evidence_.assign(size_t(state.n_words), HeadEvidence());
  for (int32_t i = 0; i < state.n_words; ++i) {
    const auto word = size_t(i);
    HeadEvidence& e = evidence_[word];
    e.weakest = log_odds(weakest_[word]);
    const int32_t head = state.head[word];
    if (head < 0) continue;
    e.side = head > i ? Side::left : Side::right;
    e.arc = log_odds(arc_[word]);
    e.label = log_odds(label_[word]);
    e.log_distance = log_distance(std::abs(head - i));
  }
  return evidence_;
}

}  // namespace treelet
