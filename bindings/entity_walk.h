// An entity recognizer walked step by step, for tests, traces and debugging: actions in, states and costs out.
#pragma once

#include <array>
#include <optional>

#include "bindings/systems.h"
#include "bindings/walk_checks.h"
#include "transitions/entity_oracle.h"

namespace treelet {

// One walk of a recognizer over n words, with the oracle beside it where gold is given.
struct EntityWalk {
  EntitySystem system;
  EntityState state;
  std::optional<EntityOracle> oracle;
  std::vector<SentStart> starts;

  EntityWalk(const EntitySystem& s, int64_t n, const std::optional<Ints>& iob,
             const std::optional<Ints>& labels, const std::optional<Ints>& sent_starts,
             const std::optional<Ints>& blank)
      : system(s) {
    check_size(n);
    const auto size = size_t(n);
    std::vector<Iob> preset(size, Iob::missing);
    Ints preset_labels(size, kNone);
    starts.assign(size, 0);
    if (iob) {
      check_column(*iob, size, 0, 3, "iob");
      for (size_t i = 0; i < size; ++i) preset[i] = Iob((*iob)[i]);
    }
    const int32_t n_labels = int32_t(system.system.labels().size());
    if (labels) {
      check_column(*labels, size, -1, n_labels - 1, "labels");
      preset_labels = *labels;
    }
    if (n_labels == 0) preset.assign(size, Iob::missing);
    if (sent_starts) {
      check_column(*sent_starts, size, -1, 1, "sent_starts");
      starts.assign(sent_starts->begin(), sent_starts->end());
    }
    std::vector<uint8_t> blank_words(size, 0);
    if (blank) {
      check_column(*blank, size, 0, 1, "blank");
      blank_words.assign(blank->begin(), blank->end());
    }
    state.reset(int32_t(n), {preset.data(), preset_labels.data(), starts.data(), blank_words.data()});
  }
  EntityWalk(const EntityWalk& other) : system(other.system), state(other.state), starts(other.starts) {
    if (other.oracle) oracle.emplace(system.system, *other.oracle);
  }
  EntityWalk& operator=(const EntityWalk&) = delete;

  // wrong: first word, last word and label (-1: any) of what is known not to be an entity.
  void teach(const Ints& iob, const Ints& labels, const std::optional<std::vector<std::array<int32_t, 3>>>& wrong) {
    const size_t n = size_t(state.n_words);
    const int32_t n_labels = int32_t(system.system.labels().size());
    check_column(iob, n, 0, 3, "iob");
    check_column(labels, n, -1, n_labels - 1, "labels");
    std::vector<Iob> gold(n);
    for (size_t i = 0; i < n; ++i) gold[i] = Iob(iob[i]);
    std::vector<WrongEntity> not_entities;
    if (wrong) {
      for (const auto& [first, last, label] : *wrong) {
        if (first < 0 || last < first || last >= state.n_words || label < -1 || label >= n_labels)
          reject("wrong[" + std::to_string(not_entities.size()) + "]: expected first and last word, and a label or -1");
        not_entities.push_back({first, last, label});
      }
    }
    oracle.emplace(system.system);
    oracle->reset(state.n_words, {gold.data(), labels.data(), starts.data(), not_entities.data(), not_entities.size()});
  }
  std::vector<bool> valid() const {
    std::vector<uint8_t> marks(size_t(system.system.n_actions()), 0);
    system.system.mark_valid(state, marks.data());
    return {marks.begin(), marks.end()};
  }
  void apply(int32_t action) {
    const auto allowed = valid();
    if (action < 0 || size_t(action) >= allowed.size() || !allowed[size_t(action)]) {
      reject("action " + std::to_string(action) + " is not allowed here; ask valid()");
    }
    system.system.apply(action, state);
  }
  const EntityOracle& gold() const {
    if (!oracle) reject("costs need gold: call teach(iob, labels) first");
    return *oracle;
  }
  std::vector<std::optional<int32_t>> costs() const {
    std::vector<std::optional<int32_t>> out(size_t(system.system.n_actions()));
    if (state.is_final()) return out;
    Ints values(out.size());
    gold().costs(state, values.data());
    const auto allowed = valid();
    for (size_t a = 0; a < out.size(); ++a) {
      if (allowed[a]) out[a] = values[a];
    }
    return out;
  }
  Ints gold_actions() const {
    Ints actions;
    if (state.is_final()) return actions;
    std::vector<uint8_t> allowed(size_t(system.system.n_actions())), marks(allowed.size());
    system.system.mark_valid(state, allowed.data());
    gold().mark_gold(state, allowed.data(), marks.data());
    for (size_t a = 0; a < marks.size(); ++a) {
      if (marks[a]) actions.push_back(int32_t(a));
    }
    return actions;
  }
  Ints features() const {
    Ints words(size_t(system.features.size()));
    system.features.extract(state, words.data());
    return words;
  }
  Ints iob() const {
    Ints out;
    for (const Iob value : state.iob) out.push_back(int32_t(value));
    return out;
  }
};

}  // namespace treelet
