// Transition systems of parser and recognizer, their walks step by step, and lifting of trees.
#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>

#include "bindings/convert.h"
#include "bindings/entity_walk.h"
#include "bindings/parse_walk.h"
#include "transitions/projectivize.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

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
                    const std::optional<Ints>&, const std::optional<Ints>&>(),
           nb::arg("system"), nb::arg("n_words"), nb::arg("iob") = nb::none(), nb::arg("labels") = nb::none(),
           nb::arg("sent_starts") = nb::none(), nb::arg("blank") = nb::none())
      .def("teach", &EntityWalk::teach, nb::arg("iob"), nb::arg("labels"), nb::arg("wrong") = nb::none())
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
