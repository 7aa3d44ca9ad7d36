#include "annotators/entity_rollout.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "annotators/state_scorer.h"

namespace treelet {

namespace {

class EntityWalker {
 public:
  EntityWalker(const EntityMoves& system, const EntityFeatures& features, const StateLayers& layers)
      : system_(system),
        features_(features),
        layers_(layers),
        oracle_(system),
        valid_(size_t(system.n_actions())),
        gold_(size_t(system.n_actions())) {
    scorer_.fit(layers);
  }

  // rows, gold: of this document alone. first_word: its place in the batch.
  void walk(const float* rows, const GoldEntities& gold, int32_t first_word, int32_t n_words,
            float exploration, Dice& dice, RolloutStates& out) {
    state_.reset(n_words, {nullptr, nullptr, gold.starts});
    oracle_.reset(n_words, gold);
    while (!state_.is_final()) {
      system_.mark_valid(state_, valid_.data());
      if (std::accumulate(valid_.begin(), valid_.end(), 0) == 1) {
        system_.apply(best_of(valid_.data(), scorer_.scores.data(), system_.n_actions()), state_);
        continue;
      }
      oracle_.mark_gold(state_, valid_.data(), gold_.data());
      features_.extract(state_, scorer_.words.data());
      for (const int32_t word : scorer_.words) out.positions.push_back(word < 0 ? kNone : first_word + word);
      out.valid.insert(out.valid.end(), valid_.begin(), valid_.end());
      out.gold.insert(out.gold.end(), gold_.begin(), gold_.end());
      scorer_.score(layers_, rows, ErrorKind::training);
      const auto& choice = dice.roll() < exploration ? valid_ : gold_;
      system_.apply(best_of(choice.data(), scorer_.scores.data(), system_.n_actions()), state_);
    }
  }

 private:
  const EntityMoves& system_;
  const EntityFeatures& features_;
  const StateLayers& layers_;
  EntityOracle oracle_;
  EntityState state_;
  StateScorer scorer_;
  std::vector<uint8_t> valid_, gold_;
};

// Those of words begin to end, counted from begin.
std::vector<WrongEntity> wrong_between(const GoldEntities& gold, int64_t begin, int64_t end) {
  const auto before = [](const WrongEntity& wrong, int64_t word) { return wrong.first < word; };
  const WrongEntity* from = std::lower_bound(gold.wrong, gold.wrong + gold.n_wrong, begin, before);
  const WrongEntity* to = std::lower_bound(from, gold.wrong + gold.n_wrong, end, before);
  std::vector<WrongEntity> wrong(from, to);
  for (auto& [first, last, label] : wrong) {
    first -= int32_t(begin);
    last -= int32_t(begin);
  }
  return wrong;
}

}  // namespace

RolloutStates roll_entities(const EntityMoves& system, const EntityFeatures& features,
                            const StateLayers& layers, const float* rows, const GoldEntities& gold,
                            const RolloutPlan& plan) {
  check_layers(layers, features.size(), system.n_actions(), "ner");
  return roll_documents(plan, [&]() -> WalkDocument {
    auto walker = std::make_shared<EntityWalker>(system, features, layers);
    return [&, walker](size_t document, Dice& dice, RolloutStates& states) {
      const int64_t first = plan.begin[document];
      const auto n_words = int32_t(plan.begin[document + 1] - first);
      const SentStart* starts = gold.starts ? gold.starts + first : nullptr;
      const auto wrong = wrong_between(gold, first, plan.begin[document + 1]);
      walker->walk(rows + first * layers.row_size(),
                   {gold.iob + first, gold.labels + first, starts, wrong.data(), wrong.size()},
                   int32_t(first), n_words, plan.exploration, dice, states);
    };
  });
}

}  // namespace treelet
