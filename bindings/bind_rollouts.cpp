// Rollouts for teaching, and the parser and recognizer run on given rows: numpy arrays in and out, every
// shape checked.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>

#include <algorithm>
#include <optional>

#include "annotators/entity_recognizer.h"
#include "annotators/entity_rollout.h"
#include "annotators/parser.h"
#include "annotators/parser_rollout.h"
#include "bindings/convert.h"
#include "bindings/released_gil.h"
#include "bindings/rollout_arrays.h"
#include "bindings/systems.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

auto to_python(RolloutStates&& states, int n_features, int n_actions) {
  return std::tuple(to_numpy(std::move(states.positions), size_t(n_features)),
                    to_numpy(std::move(states.valid), size_t(n_actions)),
                    to_numpy(std::move(states.gold), size_t(n_actions)));
}

auto roll_parser_python(const ParserSystem& s, const LayerArrays& arrays, int hidden, int pieces,
                        const Array<int32_t, 1>& lengths, const Array<float, 2>& rows,
                        const Array<int32_t, 1>& heads, const Array<int32_t, 1>& deprels,
                        const Array<int8_t, 1>& sent_starts, float exploration, uint64_t seed,
                        int n_threads, const std::optional<Array<int8_t, 1>>& presets) {
  const int n_features = s.features.size(), n_actions = s.system.n_actions();
  StateLayers::Packed packed;
  const StateLayers layers = to_layers(arrays, hidden, pieces, n_features, n_actions, packed);
  const size_t n = rows.shape(0);
  const RolloutPlan plan = to_plan(lengths, n, exploration, seed, n_threads);
  check_shape("rows", 1, rows.shape(1), size_t(layers.row_size()));
  if (presets) check_values(*presets, n, -1, 1, "presets");
  check_heads(heads, plan);
  check_values(deprels, n, -1, int64_t(s.system.labels().size()) - 1, "deprels");
  check_values(sent_starts, n, -1, 1, "sent_starts");
  RolloutStates states;
  {
    const ReleasedGil unlocked;
    states = roll_parser(s.system, s.features, layers, rows.data(),
                         {heads.data(), deprels.data(), sent_starts.data()}, plan, presets ? presets->data() : nullptr);
  }
  return to_python(std::move(states), n_features, n_actions);
}

// Rows of first word, last word and label (-1: any), words counted over the batch. In order of first words.
std::vector<WrongEntity> to_wrong(const Array<int32_t, 2>& rows, const RolloutPlan& plan, int32_t n_labels) {
  check_shape("wrong", 1, rows.shape(1), 3);
  std::vector<WrongEntity> wrong;
  for (size_t i = 0; i < rows.shape(0); ++i) {
    const int32_t* row = rows.data() + 3 * i;
    const WrongEntity entity{row[0], row[1], row[2]};
    const auto next = std::upper_bound(plan.begin.begin(), plan.begin.end(), int64_t(entity.first));
    const bool inside = entity.first >= 0 && next != plan.begin.end() && entity.last >= entity.first &&
                        entity.last < *next;
    if (!inside || entity.label < -1 || entity.label >= n_labels) {
      throw Error(ErrorKind::training, "wrong[" + std::to_string(i) + "]: found words " +
                                           std::to_string(entity.first) + " to " +
                                           std::to_string(entity.last) + " and label " +
                                           std::to_string(entity.label) +
                                           ", expected words of one document and a label's number or -1");
    }
    wrong.push_back(entity);
  }
  std::sort(wrong.begin(), wrong.end(),
            [](const WrongEntity& a, const WrongEntity& b) { return a.first < b.first; });
  return wrong;
}

auto roll_entities_python(const EntitySystem& s, const LayerArrays& arrays, int hidden, int pieces,
                          const Array<int32_t, 1>& lengths, const Array<float, 2>& rows,
                          const Array<uint8_t, 1>& iob, const Array<int32_t, 1>& labels, float exploration,
                          uint64_t seed, int n_threads, const std::optional<Array<int8_t, 1>>& sent_starts,
                          const std::optional<Array<int32_t, 2>>& wrong) {
  const int n_features = s.features.size(), n_actions = s.system.n_actions();
  StateLayers::Packed packed;
  const StateLayers layers = to_layers(arrays, hidden, pieces, n_features, n_actions, packed);
  const size_t n = rows.shape(0);
  const RolloutPlan plan = to_plan(lengths, n, exploration, seed, n_threads);
  check_shape("rows", 1, rows.shape(1), size_t(layers.row_size()));
  check_values(iob, n, 0, 3, "iob");
  check_values(labels, n, -1, int64_t(s.system.labels().size()) - 1, "labels");
  if (sent_starts) check_values(*sent_starts, n, -1, 1, "sent_starts");
  static_assert(sizeof(Iob) == 1);
  std::vector<WrongEntity> not_entities;
  if (wrong) not_entities = to_wrong(*wrong, plan, int32_t(s.system.labels().size()));
  const GoldEntities gold{reinterpret_cast<const Iob*>(iob.data()), labels.data(),
                          sent_starts ? sent_starts->data() : nullptr, not_entities.data(),
                          not_entities.size()};
  RolloutStates states;
  {
    const ReleasedGil unlocked;
    states = roll_entities(s.system, s.features, layers, rows.data(), gold, plan);
  }
  return to_python(std::move(states), n_features, n_actions);
}

// A document of n words about which nothing is known.
Doc blank_doc(size_t n) {
  Doc doc;
  for (size_t i = 0; i < n; ++i) doc.add_token("w", {}, " ");
  return doc;
}

template <typename Column>
std::vector<std::string> label_names(const Column& column, size_t n) {
  std::vector<std::string> names;
  for (size_t i = 0; i < n; ++i) names.emplace_back(column.get(i));
  return names;
}

auto walk_parser(const ParserSystem& s, const LayerArrays& arrays, int hidden, int pieces, const Array<float, 2>& rows,
                 const std::optional<Array<int8_t, 1>>& presets, const std::string& scheme, int beam_width) {
  StateLayers::Packed packed;
  const Parser parser(s.system, s.features, to_layers(arrays, hidden, pieces, s.features.size(), s.system.n_actions(), packed),
                      beam_width, lift_scheme(scheme));
  const size_t n = rows.shape(0);
  check_shape("rows", 1, rows.shape(1), size_t(s.features.size()) * size_t(hidden) * size_t(pieces));
  Doc doc = blank_doc(n);
  if (presets) {
    check_values(*presets, n, -1, 1, "presets");
    doc.sent_start.assign(presets->data(), presets->data() + n);
  }
  Parser::State state;
  parser.annotate(doc, rows.data(), 0, n, state);
  return std::tuple(doc.head, label_names(doc.deprel, n),
                    std::vector<int>(doc.sent_start.begin(), doc.sent_start.end()));
}

auto walk_entities(const EntitySystem& s, const LayerArrays& arrays, int hidden, int pieces, const Array<float, 2>& rows,
                   const std::optional<Array<uint8_t, 1>>& iob, const std::optional<std::vector<std::string>>& labels,
                   int beam_width) {
  StateLayers::Packed packed;
  const EntityRecognizer recognizer(s.system, s.features,
                                    to_layers(arrays, hidden, pieces, s.features.size(), s.system.n_actions(), packed),
                                    beam_width);
  const size_t n = rows.shape(0);
  check_shape("rows", 1, rows.shape(1), size_t(s.features.size()) * size_t(hidden) * size_t(pieces));
  Doc doc = blank_doc(n);
  if (iob) {
    check_values(*iob, n, 0, 3, "iob");
    for (size_t i = 0; i < n; ++i) doc.iob.push_back(Iob(iob->data()[i]));
  }
  if (labels) {
    check_shape("labels", 0, labels->size(), n);
    for (size_t i = 0; i < n; ++i) {
      if (!(*labels)[i].empty()) doc.ent_type.set(i, n, (*labels)[i]);
    }
  }
  EntityRecognizer::State state;
  recognizer.annotate(doc, rows.data(), 0, n, state);
  std::vector<int> out;
  for (const Iob value : doc.iob) out.push_back(int(value));
  return std::tuple(out, label_names(doc.ent_type, n));
}

}  // namespace

void bind_rollouts(nb::module_& m) {
  m.def("roll_parser", &roll_parser_python, nb::arg("system"), nb::arg("layers"), nb::arg("hidden"),
        nb::arg("pieces"), nb::arg("lengths"), nb::arg("rows"), nb::arg("heads"), nb::arg("deprels"),
        nb::arg("sent_starts"), nb::arg("exploration"), nb::arg("seed"), nb::arg("n_threads") = 1,
        nb::arg("presets") = nb::none());
  m.def("roll_entities", &roll_entities_python, nb::arg("system"), nb::arg("layers"), nb::arg("hidden"),
        nb::arg("pieces"), nb::arg("lengths"), nb::arg("rows"), nb::arg("iob"), nb::arg("labels"),
        nb::arg("exploration"), nb::arg("seed"), nb::arg("n_threads") = 1,
        nb::arg("sent_starts") = nb::none(), nb::arg("wrong") = nb::none());
  m.def("walk_parser", &walk_parser, nb::arg("system"), nb::arg("layers"), nb::arg("hidden"),
        nb::arg("pieces"), nb::arg("rows"), nb::arg("presets") = nb::none(), nb::arg("scheme") = "head",
        nb::arg("beam_width") = 1);
  m.def("walk_entities", &walk_entities, nb::arg("system"), nb::arg("layers"), nb::arg("hidden"),
        nb::arg("pieces"), nb::arg("rows"), nb::arg("iob") = nb::none(), nb::arg("labels") = nb::none(),
        nb::arg("beam_width") = 1);
}
