// Transition systems of parser and recognizer, walked step by step (for tests, traces and debugging), and
// lifting of trees.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>

#include <optional>

#include "base/error.h"
#include "bindings/convert.h"
#include "bindings/systems.h"
#include "transitions/arc_eager_oracle.h"
#include "transitions/entity_oracle.h"
#include "transitions/projectivize.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

using Ints = std::vector<int32_t>;

[[noreturn]] void reject(const std::string& message) { throw Error(ErrorKind::text, message); }

void check_column(const Ints& values, size_t n, int32_t low, int32_t high, const char* name) {
  if (values.size() != n) {
    reject(std::string(name) + ": found " + std::to_string(values.size()) + " values, expected " +
           std::to_string(n));
  }
  for (size_t i = 0; i < n; ++i) {
    if (values[i] >= low && values[i] <= high) continue;
    reject(std::string(name) + "[" + std::to_string(i) + "]: found " + std::to_string(values[i]) +
           ", expected " + std::to_string(low) + " to " + std::to_string(high));
  }
}

void check_size(int64_t n_words) {
  if (n_words < 0 || n_words > INT32_MAX / 2)
    reject("n_words: found " + std::to_string(n_words) + ", expected 0 or more");
}

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
  nb::bytes key() const {
    Ints all = {state.next, state.limit, int32_t(state.stack.size())};
    all.insert(all.end(), state.stack.begin(), state.stack.end());
    all.insert(all.end(), state.put_back.begin(), state.put_back.end());
    for (const int32_t word : state.put_back) all.push_back(state.must_attach[size_t(word)]);
    all.insert(all.end(), state.head.begin(), state.head.end());
    all.insert(all.end(), state.label.begin(), state.label.end());
    all.insert(all.end(), state.start.begin(), state.start.end());
    return nb::bytes(reinterpret_cast<const char*>(all.data()), all.size() * sizeof(int32_t));
  }
};

struct EntityWalk {
  EntitySystem system;
  EntityState state;
  std::optional<EntityOracle> oracle;
  std::vector<SentStart> starts;

  EntityWalk(const EntitySystem& s, int64_t n, const std::optional<Ints>& iob,
             const std::optional<Ints>& labels, const std::optional<Ints>& sent_starts)
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
    state.reset(int32_t(n), {preset.data(), preset_labels.data(), starts.data()});
  }
  EntityWalk(const EntityWalk& other) : system(other.system), state(other.state), starts(other.starts) {
    if (other.oracle) oracle.emplace(system.system, *other.oracle);
  }
  EntityWalk& operator=(const EntityWalk&) = delete;

  void teach(const Ints& iob, const Ints& labels) {
    const size_t n = size_t(state.n_words);
    check_column(iob, n, 0, 3, "iob");
    check_column(labels, n, -1, int32_t(system.system.labels().size()) - 1, "labels");
    std::vector<Iob> gold(n);
    for (size_t i = 0; i < n; ++i) gold[i] = Iob(iob[i]);
    oracle.emplace(system.system);
    oracle->reset(state.n_words, {gold.data(), labels.data(), starts.data()});
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

void bind_parser_system(nb::module_& m) {
  nb::class_<ParserSystem>(m, "ArcEager")
      .def(
          "__init__",
          [](ParserSystem* self, const std::vector<std::string>& left, const std::vector<std::string>& right,
             const std::vector<std::string>& features, bool non_monotonic) {
            new (self) ParserSystem{ArcEager(left, right, non_monotonic), ParseFeatures(features)};
          },
          nb::arg("left_labels"), nb::arg("right_labels"), nb::arg("features"),
          nb::arg("non_monotonic") = true)
      .def_prop_ro("actions", [](const ParserSystem& s) { return s.system.action_names(); })
      .def_prop_ro("labels", [](const ParserSystem& s) { return s.system.labels(); })
      .def_prop_ro("features", [](const ParserSystem& s) { return s.features.names(); })
      .def_prop_ro("n_actions", [](const ParserSystem& s) { return s.system.n_actions(); })
      .def_prop_ro("non_monotonic", [](const ParserSystem& s) { return s.system.non_monotonic(); });
  nb::class_<ParseWalk>(m, "ParseWalk")
      .def(nb::init<const ParserSystem&, int64_t, const std::optional<Ints>&>(), nb::arg("system"),
           nb::arg("n_words"), nb::arg("presets") = nb::none())
      .def("teach", &ParseWalk::teach, nb::arg("heads"), nb::arg("deprels"), nb::arg("sent_starts"))
      .def("copy", [](const ParseWalk& walk) { return ParseWalk(walk); })
      .def("valid", &ParseWalk::valid)
      .def("costs", &ParseWalk::costs)
      .def("gold", &ParseWalk::gold_actions)
      .def("apply", &ParseWalk::apply, nb::arg("action"))
      .def("is_final", [](const ParseWalk& walk) { return walk.state.is_final(); })
      .def("key", &ParseWalk::key)
      .def("words", &ParseWalk::features)
      .def("stack", [](const ParseWalk& walk) { return walk.state.stack; })
      .def("buffer", &ParseWalk::buffer)
      .def("heads", [](const ParseWalk& walk) { return walk.state.head; })
      .def("deprels", [](const ParseWalk& walk) { return walk.state.label; })
      .def("sent_starts",
           [](const ParseWalk& walk) { return Ints(walk.state.start.begin(), walk.state.start.end()); });
}

void bind_entity_system(nb::module_& m) {
  nb::class_<EntitySystem>(m, "EntityMoves")
      .def(
          "__init__",
          [](EntitySystem* self, const std::vector<std::string>& labels,
             const std::vector<std::string>& features) {
            new (self) EntitySystem{EntityMoves(labels), EntityFeatures(features)};
          },
          nb::arg("labels"), nb::arg("features"))
      .def_prop_ro("actions", [](const EntitySystem& s) { return s.system.action_names(); })
      .def_prop_ro("labels", [](const EntitySystem& s) { return s.system.labels(); })
      .def_prop_ro("features", [](const EntitySystem& s) { return s.features.names(); })
      .def_prop_ro("n_actions", [](const EntitySystem& s) { return s.system.n_actions(); });
  nb::class_<EntityWalk>(m, "EntityWalk")
      .def(nb::init<const EntitySystem&, int64_t, const std::optional<Ints>&, const std::optional<Ints>&,
                    const std::optional<Ints>&>(),
           nb::arg("system"), nb::arg("n_words"), nb::arg("iob") = nb::none(), nb::arg("labels") = nb::none(),
           nb::arg("sent_starts") = nb::none())
      .def("teach", &EntityWalk::teach, nb::arg("iob"), nb::arg("labels"))
      .def("copy", [](const EntityWalk& walk) { return EntityWalk(walk); })
      .def("valid", &EntityWalk::valid)
      .def("costs", &EntityWalk::costs)
      .def("gold", &EntityWalk::gold_actions)
      .def("apply", &EntityWalk::apply, nb::arg("action"))
      .def("is_final", [](const EntityWalk& walk) { return walk.state.is_final(); })
      .def("words", &EntityWalk::features)
      .def("iob", &EntityWalk::iob)
      .def("labels", [](const EntityWalk& walk) { return walk.state.label; });
}

void bind_lifting(nb::module_& m) {
  m.def(
      "projectivize",
      [](const Ints& heads, const std::vector<std::string>& deprels, const std::string& scheme) {
        LabelledTree tree = projectivize({heads, deprels}, lift_scheme(scheme));
        return std::pair(tree.heads, tree.deprels);
      },
      nb::arg("heads"), nb::arg("deprels"), nb::arg("scheme") = "head");
  m.def(
      "deprojectivize",
      [](const Ints& heads, const std::vector<std::string>& deprels, const std::string& scheme) {
        LabelledTree tree = deprojectivize({heads, deprels}, lift_scheme(scheme));
        return std::pair(tree.heads, tree.deprels);
      },
      nb::arg("heads"), nb::arg("deprels"), nb::arg("scheme") = "head");
  m.def(
      "nonprojective_words",
      [](const Ints& heads) {
        check_column(heads, heads.size(), -1, int32_t(heads.size()) - 1, "heads");
        return nonprojective_words(heads);
      },
      nb::arg("heads"));
}

}  // namespace

void bind_transitions(nb::module_& m) {
  bind_parser_system(m);
  bind_entity_system(m);
  bind_lifting(m);
}
