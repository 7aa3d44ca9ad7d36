#include "annotators/trace.h"

#include <algorithm>
#include <cmath>

namespace treelet {

TracedStep trace_step(int32_t taken, const std::vector<uint8_t>& allowed, const std::vector<float>& scores,
                      size_t most) {
  TracedStep step;
  step.n_allowed = int32_t(std::count(allowed.begin(), allowed.end(), uint8_t(1)));
  if (step.n_allowed <= 1) {
    step.ranked.push_back({taken, 0.0f, 1.0});
    return step;
  }
  float highest = scores[size_t(taken)];
  for (size_t a = 0; a < allowed.size(); ++a)
    if (allowed[a]) highest = std::max(highest, scores[a]);
  double sum = 0.0;
  for (size_t a = 0; a < allowed.size(); ++a) {
    if (!allowed[a]) continue;
    const double weight = std::exp(double(scores[a]) - double(highest));
    sum += weight;
    step.ranked.push_back({int32_t(a), scores[a], weight});
  }
  for (auto& each : step.ranked) each.probability /= sum;
  std::stable_sort(step.ranked.begin(), step.ranked.end(), [&](const RankedAction& a, const RankedAction& b) {
    if ((a.action == taken) != (b.action == taken)) return a.action == taken;
    return a.score > b.score;
  });
  step.ranked.resize(std::min(step.ranked.size(), most + 1));
  return step;
}

}  // namespace treelet
