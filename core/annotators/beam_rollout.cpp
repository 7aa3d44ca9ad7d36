#include "annotators/beam_rollout.h"

#include <memory>
#include <optional>

#include "annotators/beam_systems.h"

namespace treelet {

namespace {

// States that a beam scored, as they are scored.
struct ScoredStates {
  std::vector<int32_t> positions;
  std::vector<uint8_t> valid;

  void add(const std::vector<int32_t>& words, const std::vector<uint8_t>& allowed) {
    positions.insert(positions.end(), words.begin(), words.end());
    valid.insert(valid.end(), allowed.begin(), allowed.end());
  }
};

// A parse and what its oracle knows of it.
struct TaughtParse : ParseState {
  std::optional<ArcEagerOracle> oracle;

  TaughtParse() = default;
  TaughtParse(const TaughtParse&) = default;
  TaughtParse& operator=(const TaughtParse& other) {
    ParseState::operator=(other);
    oracle.emplace(*other.oracle);
    return *this;
  }
  void copy_from(const TaughtParse& other, int32_t first) {
    ParseState::copy_from(other, first);
    oracle.emplace(*other.oracle);
  }
};

struct TeachingParser : ParserBeam {
  using State = TaughtParse;
  ScoredStates* states = nullptr;

  void begin(const GoldTree& gold, int32_t n_words, State& state) {
    state.reset(n_words, nullptr);
    state.oracle.emplace(system);
    state.oracle->reset(state, gold);
  }
  void apply(int32_t action, State& state) const {
    state.oracle->observe(action, state);
    system.apply(action, state);
  }
  void mark_right(const State& state, const uint8_t*, uint8_t* right) const {
    state.oracle->mark_gold(state, system.valid_moves(state), right);
  }
  void scored(const std::vector<int32_t>& words, const std::vector<uint8_t>& valid) const {
    states->add(words, valid);
  }
};

struct TeachingRecognizer : EntityBeam {
  EntityOracle oracle;
  ScoredStates* states = nullptr;

  void begin(const GoldEntities& gold, int32_t n_words, State& state) {
    state.reset(n_words, {nullptr, nullptr, gold.starts});
    oracle.reset(n_words, gold);
  }
  void mark_right(const State& state, const uint8_t* valid, uint8_t* right) const {
    oracle.mark_gold(state, valid, right);
  }
  void scored(const std::vector<int32_t>& words, const std::vector<uint8_t>& valid) const {
    states->add(words, valid);
  }
};

struct BeamShape {
  const StateLayers& layers;
  const float* rows;  // of the document
  int32_t first_word, n_words;
  int width;
};

template <class System>
class BeamWalker {
 public:
  explicit BeamWalker(System system) : system_(std::move(system)) { system_.states = &states_; }

  template <class Gold>
  void walk(const Gold& gold, const BeamShape& shape, float exploration, Dice& dice, BeamWindows& out) {
    states_ = {};
    n_windows_ = 0;
    system_.begin(gold, shape.n_words, search_.start(shape.layers, shape.width));
    numbers_.clear();
    while (!search_.is_done(system_)) {
      search_.step(system_, shape.layers, shape.rows, ErrorKind::training);
      if (!search_.fell()) continue;
      close_window(shape, out);
      const auto& candidates = search_.candidates();
      search_.restart_from(dice.roll() < exploration ? candidates.front() : candidates.back());
    }
    close_window(shape, out);
  }

 private:
  void close_window(const BeamShape& shape, BeamWindows& out) {
    const auto& candidates = search_.candidates();
    const auto wrong = [](const auto& candidate) { return !candidate.right; };
    if (std::none_of(candidates.begin(), candidates.end(), wrong)) return;
    const auto& steps = search_.steps();
    uses_.assign(steps.size(), 0);
    for (const auto& candidate : candidates)
      for (int32_t at = candidate.last; at != kNone; at = steps[size_t(at)].before) ++uses_[size_t(at)];
    for (const auto& candidate : candidates) {
      const auto number = int32_t(out.candidates.size() / 2);
      out.candidates.insert(out.candidates.end(), {n_windows_, int32_t(candidate.right)});
      for (int32_t at = candidate.last; at != kNone; at = steps[size_t(at)].before) {
        const BeamStep& step = steps[size_t(at)];
        if (uses_[size_t(at)] == candidates.size()) break;
        if (step.scored == kNone) continue;
        out.steps.insert(out.steps.end(), {number, keep(step.scored, shape, out), step.action});
      }
    }
    ++n_windows_;
  }

  // Number of a scored state among those that go out.
  int32_t keep(int32_t scored, const BeamShape& shape, BeamWindows& out) {
    numbers_.resize(std::max(numbers_.size(), size_t(scored) + 1), kNone);
    int32_t& number = numbers_[size_t(scored)];
    if (number != kNone) return number;
    const auto n_features = size_t(shape.layers.n_features), n_actions = size_t(shape.layers.n_actions);
    number = int32_t(out.valid.size() / n_actions);
    for (size_t f = 0; f < n_features; ++f) {
      const int32_t word = states_.positions[size_t(scored) * n_features + f];
      out.positions.push_back(word < 0 ? kNone : shape.first_word + word);
    }
    const auto valid = states_.valid.begin() + int64_t(size_t(scored) * n_actions);
    out.valid.insert(out.valid.end(), valid, valid + int64_t(n_actions));
    return number;
  }

  System system_;
  BeamSearch<System> search_;
  ScoredStates states_;
  std::vector<int32_t> numbers_;  // scored state -> number in the output
  std::vector<size_t> uses_;      // of each step by the candidates of a window
  int32_t n_windows_ = 0;
};

// Documents' windows as one batch's: states, candidates and windows numbered through.
BeamWindows joined(const std::vector<BeamWindows>& parts, size_t n_actions) {
  BeamWindows all;
  int32_t n_windows = 0;
  for (const BeamWindows& part : parts) {
    const auto first_state = int32_t(all.valid.size() / n_actions);
    const auto first_candidate = int32_t(all.candidates.size() / 2);
    for (size_t i = 0; i < part.steps.size(); i += 3) {
      all.steps.insert(all.steps.end(),
                       {part.steps[i] + first_candidate, part.steps[i + 1] + first_state, part.steps[i + 2]});
    }
    for (size_t i = 0; i < part.candidates.size(); i += 2)
      all.candidates.insert(all.candidates.end(), {part.candidates[i] + n_windows, part.candidates[i + 1]});
    if (!part.candidates.empty()) n_windows += part.candidates[part.candidates.size() - 2] + 1;
    all.positions.insert(all.positions.end(), part.positions.begin(), part.positions.end());
    all.valid.insert(all.valid.end(), part.valid.begin(), part.valid.end());
  }
  return all;
}

// gold_of(first word of a document): its gold columns.
template <class System, class GoldOf>
BeamWindows beam_documents(const System& system, const StateLayers& layers, const float* rows,
                           const GoldOf& gold_of, const RolloutPlan& plan, int width) {
  checked_beam_width(width, "training");
  std::vector<BeamWindows> parts(plan.begin.size() - 1);
  walk_documents(plan, [&]() -> WalkNumbered {
    auto walker = std::make_shared<BeamWalker<System>>(system);
    return [&, walker](size_t document, Dice& dice) {
      const int64_t first = plan.begin[document];
      const auto n_words = int32_t(plan.begin[document + 1] - first);
      const BeamShape shape{layers, rows + first * layers.row_size(), int32_t(first), n_words, width};
      walker->walk(gold_of(first), shape, plan.exploration, dice, parts[document]);
    };
  });
  return joined(parts, size_t(layers.n_actions));
}

}  // namespace

BeamWindows beam_parser(const ArcEager& system, const ParseFeatures& features, const StateLayers& layers,
                        const float* rows, const GoldTree& gold, const RolloutPlan& plan, int width) {
  check_layers(layers, features.size(), system.n_actions(), "parser");
  const auto gold_of = [&](int64_t first) {
    return GoldTree{gold.heads + first, gold.labels + first, gold.starts + first};
  };
  return beam_documents(TeachingParser{{system, features}}, layers, rows, gold_of, plan, width);
}

BeamWindows beam_entities(const EntityMoves& system, const EntityFeatures& features, const StateLayers& layers,
                          const float* rows, const GoldEntities& gold, const RolloutPlan& plan, int width) {
  check_layers(layers, features.size(), system.n_actions(), "ner");
  const auto gold_of = [&](int64_t first) {
    return GoldEntities{gold.iob + first, gold.labels + first, gold.starts ? gold.starts + first : nullptr};
  };
  const TeachingRecognizer recognizer{{system, features}, EntityOracle(system)};
  return beam_documents(recognizer, layers, rows, gold_of, plan, width);
}

}  // namespace treelet
