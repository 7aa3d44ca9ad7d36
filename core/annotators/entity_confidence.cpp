#include "annotators/entity_confidence.h"

#include <algorithm>

#include "network/layers.h"

namespace treelet {

namespace {

bool in_entity(Iob iob) { return iob == Iob::begin || iob == Iob::inside; }

}  // namespace

void EntityConfidence::observe(int32_t action, const float* penalties, const std::vector<float>& scores,
                               const EntityState& state) {
  if (EntityMoves::move(action) == EntityMove::out) return;
  const int n = int(scores.size());
  masked_.resize(scores.size());
  for (size_t a = 0; a < masked_.size(); ++a) masked_[a] = scores[a] + penalties[a];
  float sums[2];
  kernels().sum_exp({masked_.data(), 0, n, n, scores[size_t(action)]}, sums);
  action_[size_t(state.next)] = 1.0f / sums[0];
}

const std::vector<FoundEntity>& EntityConfidence::finish(const EntityState& state) {
  found_.clear();
  int32_t last = 0;
  for (int32_t first = 0; first < state.n_words; first = last + 1) {
    last = first;
    if (!in_entity(state.iob[size_t(first)])) continue;
    while (last + 1 < state.n_words && state.iob[size_t(last) + 1] == Iob::inside) ++last;
    const auto begin = state.preset.begin() + first, end = state.preset.begin() + last + 1;
    if (std::any_of(begin, end, in_entity)) continue;
    double all = 1;
    for (int32_t word = first; word <= last; ++word) all *= double(action_[size_t(word)]);
    found_.push_back({first, last, {log_odds(float(all / (1 - all))), std::log(float(last - first + 1))}});
  }
  return found_;
}

}  // namespace treelet
