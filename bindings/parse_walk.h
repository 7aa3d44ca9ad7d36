// A parser walked step by step, for tests, traces and debugging: actions in, states, costs and features out.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <utility>

#include "bindings/systems.h"
#include "bindings/walk_checks.h"
#include "transitions/arc_eager_oracle.h"

namespace treelet {

// One walk of a parser over n words, with the oracle beside it where gold is given.
struct ParseWalk {
  ParserSystem system;
  ParseState state;
  std::optional<ArcEagerOracle> oracle;

  ParseWalk(const ParserSystem& s, int64_t n, const std::optional<Ints>& presets) : system(s) {
    check_size(n);
    std::vector<SentStart> starts(size_t(n), 0);
    if (presets) {
      check_column(*presets, size_t(n), -1, 1, "presets");
      starts.assign(presets->begin(), presets->end());
    }
    state.reset(int32_t(n), starts.data());
  }
  ParseWalk(const ParseWalk& other) : system(other.system), state(other.state) { copy_oracle(other); }
  ParseWalk& operator=(const ParseWalk&) = delete;

  void copy_oracle(const ParseWalk& other) {
    if (other.oracle) oracle.emplace(system.system, *other.oracle);
  }

  void teach(const Ints& heads, const Ints& labels, const Ints& starts) {
    const size_t n = size_t(state.n_words);
    check_column(heads, n, -1, state.n_words - 1, "heads");
    check_column(labels, n, -1, int32_t(system.system.labels().size()) - 1, "deprels");
    check_column(starts, n, -1, 1, "sent_starts");
    const std::vector<SentStart> gold_starts(starts.begin(), starts.end());
    const auto presets = state.preset;
    state.reset(state.n_words, presets.data());
    oracle.emplace(system.system);
    oracle->reset(state, {heads.data(), labels.data(), gold_starts.data()});
  }

  uint8_t moves() const { return state.is_final() ? uint8_t(0) : system.system.valid_moves(state); }
  std::vector<bool> valid() const {
    std::vector<uint8_t> marks(size_t(system.system.n_actions()), 0);
    system.system.mark_valid(moves(), marks.data());
    return {marks.begin(), marks.end()};
  }
  void apply(int32_t action) {
    const auto allowed = valid();
    if (action < 0 || size_t(action) >= allowed.size() || !allowed[size_t(action)]) {
      reject("action " + std::to_string(action) + " is not allowed here; ask valid()");
    }
    if (oracle) oracle->observe(action, state);
    system.system.apply(action, state);
  }
  const ArcEagerOracle& gold() const {
    if (!oracle) reject("costs need gold: call teach(heads, deprels, sent_starts) first");
    return *oracle;
  }
  // (lost, repairs) of each action, None where it is not allowed.
  std::vector<std::optional<std::pair<int32_t, int32_t>>> costs() const {
    std::vector<Cost> values(size_t(system.system.n_actions()));
    gold().costs(state, moves(), values.data());
    std::vector<std::optional<std::pair<int32_t, int32_t>>> out(values.size());
    const auto allowed = valid();
    for (size_t a = 0; a < out.size(); ++a) {
      if (allowed[a]) out[a] = std::pair(values[a].lost, values[a].repairs);
    }
    return out;
  }
  Ints gold_actions() const {
    std::vector<uint8_t> marks(size_t(system.system.n_actions()), 0);
    gold().mark_gold(state, moves(), marks.data());
    Ints actions;
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
  Ints buffer() const {
    Ints words(state.put_back.rbegin(), state.put_back.rend());
    for (int32_t word = state.next; word < state.limit; ++word) words.push_back(word);
    return words;
  }
  // Everything that decides what can still happen and what comes out, as bytes.
  nanobind::bytes key() const {
    Ints all = {state.next, state.limit, int32_t(state.stack.size())};
    all.insert(all.end(), state.stack.begin(), state.stack.end());
    all.insert(all.end(), state.put_back.begin(), state.put_back.end());
    for (const int32_t word : state.put_back) all.push_back(state.must_attach[size_t(word)]);
    all.insert(all.end(), state.head.begin(), state.head.end());
    all.insert(all.end(), state.label.begin(), state.label.end());
    all.insert(all.end(), state.start.begin(), state.start.end());
    return nanobind::bytes(reinterpret_cast<const char*>(all.data()), all.size() * sizeof(int32_t));
  }
};

}  // namespace treelet
