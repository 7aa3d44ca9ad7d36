#include "annotators/parser_rollout.h"

#include <memory>

#include "annotators/move_penalties.h"
#include "annotators/state_scorer.h"

namespace treelet {

namespace {

class ParserWalker {
 public:
  ParserWalker(const ArcEager& system, const ParseFeatures& features, const StateLayers& layers)
      : system_(system), features_(features), layers_(layers), penalties_(system), oracle_(system) {
    scorer_.fit(layers);
  }

  // rows, gold, presets: of this document alone. first_word: its place in the batch.
  void walk(const float* rows, const GoldTree& gold, const SentStart* presets, int32_t first_word, int32_t n_words, float exploration,
            Dice& dice, RolloutStates& out) {
    state_.reset(n_words, presets);
    oracle_.reset(state_, gold);
    while (!state_.is_final()) {
      const uint8_t moves = system_.valid_moves(state_);
      int32_t action = system_.first_valid(moves);
      if (system_.count_valid(moves) > 1) {
        const uint8_t* right = keep(moves, first_word, out);
        action = scorer_.choose(layers_, rows, penalties_.of(moves), ErrorKind::training);
        if (dice.roll() >= exploration) action = best_right(right);
      }
      oracle_.observe(action, state_);
      system_.apply(action, state_);
    }
  }

 private:
  // Adds the present state to the output and returns its row of right actions.
  const uint8_t* keep(uint8_t moves, int32_t first_word, RolloutStates& out) {
    const auto n_actions = size_t(system_.n_actions());
    features_.extract(state_, scorer_.words.data());
    for (const int32_t word : scorer_.words) out.positions.push_back(word < 0 ? kNone : first_word + word);
    out.valid.resize(out.valid.size() + n_actions);
    out.gold.resize(out.gold.size() + n_actions);
    uint8_t* gold = out.gold.data() + out.gold.size() - n_actions;
    system_.mark_valid(moves, out.valid.data() + out.valid.size() - n_actions);
    oracle_.mark_gold(state_, moves, gold);
    return gold;
  }

  int32_t best_right(const uint8_t* right) const {
    int32_t best = kNone;
    for (int32_t a = 0; a < system_.n_actions(); ++a) {
      if (right[a] && (best == kNone || scorer_.scores[size_t(a)] > scorer_.scores[size_t(best)])) best = a;
    }
    return best;
  }

  const ArcEager& system_;
  const ParseFeatures& features_;
  const StateLayers& layers_;
  const MovePenalties penalties_;
  ArcEagerOracle oracle_;
  ParseState state_;
  StateScorer scorer_;
};

}  // namespace

RolloutStates roll_parser(const ArcEager& system, const ParseFeatures& features, const StateLayers& layers,
                          const float* rows, const GoldTree& gold, const RolloutPlan& plan,
                          const SentStart* presets) {
  check_layers(layers, features.size(), system.n_actions(), "parser");
  return roll_documents(plan, [&]() -> WalkDocument {
    auto walker = std::make_shared<ParserWalker>(system, features, layers);
    return [&, walker](size_t document, Dice& dice, RolloutStates& states) {
      const int64_t first = plan.begin[document];
      const auto n_words = int32_t(plan.begin[document + 1] - first);
      walker->walk(rows + first * layers.row_size(),
                   {gold.heads + first, gold.labels + first, gold.starts + first},
                   presets ? presets + first : nullptr, int32_t(first), n_words,
                   plan.exploration, dice, states);
    };
  });
}

}  // namespace treelet
