// A recognizer's walk, action by action, in; what it knew of every entity out.
#pragma once

#include <vector>

#include "annotators/confidence.h"
#include "transitions/entity_moves.h"

namespace treelet {

struct FoundEntity {
  int32_t first, last;  // words of the walk
  EntityEvidence evidence;
};

// Scratch of one thread.
class EntityConfidence {
 public:
  void reset(int32_t n_words) { action_.assign(size_t(n_words), 1.0f); }
  // Called before the allowed action of the highest score is applied. An action without an alternative needs
  // no call. penalties, scores: as of StateScorer.
  void observe(int32_t action, const float* penalties, const std::vector<float>& scores, const EntityState& state);
  // Called when the walk is over: the entities that it found, in order, without those that were preset,
  // wholly or in part.
  const std::vector<FoundEntity>& finish(const EntityState& state);
  const std::vector<FoundEntity>& found() const { return found_; }

 private:
  std::vector<float> action_;  // per word: probability of the action that put it into its entity
  std::vector<float> masked_;  // scores of what is allowed
  std::vector<FoundEntity> found_;
};

}  // namespace treelet
