// Rollouts for teaching, and the parser and recognizer run on given rows: numpy arrays in and out, every
// shape checked.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>

#include <optional>
#include <tuple>

#include "annotators/entity_recognizer.h"
#include "annotators/entity_rollout.h"
#include "annotators/parser.h"
#include "annotators/parser_rollout.h"
#include "base/error.h"
#include "bindings/convert.h"
#include "bindings/systems.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

template <typename T, size_t D>
using Array = nb::ndarray<const T, nb::ndim<D>, nb::c_contig, nb::device::cpu>;
using LayerArrays = std::tuple<Array<float, 2>, Array<float, 1>, Array<float, 2>, Array<float, 1>>;

template <typename T>
auto to_numpy(std::vector<T>&& values, size_t columns) {
  auto* owned = new std::vector<T>(std::move(values));
  const nb::capsule owner(owned, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::ndarray<nb::numpy, T, nb::ndim<2>>(owned->data(), {owned->size() / columns, columns}, owner);
}

void check_shape(const char* name, size_t axis, size_t found, size_t expected) {
  if (found == expected) return;
  throw Error(ErrorKind::training, std::string(name) + ": found size " + std::to_string(found) + " on axis " +
                                       std::to_string(axis) + ", expected " + std::to_string(expected));
}

StateLayers to_layers(const LayerArrays& arrays, int hidden, int pieces, int n_features, int n_actions,
                      AlignedFloats& packed) {
  if (hidden < 1 || pieces < 1 || hidden > 65536 || pieces > 64) {
    throw Error(ErrorKind::training, "hidden and pieces: found " + std::to_string(hidden) + " and " +
                                         std::to_string(pieces) + ", expected 1 to 65536 and 1 to 64");
  }
  const auto& [padding, bias, upper_weight, upper_bias] = arrays;
  const size_t wide = size_t(hidden) * size_t(pieces);
  check_shape("padding", 0, padding.shape(0), size_t(n_features));
  check_shape("padding", 1, padding.shape(1), wide);
  check_shape("bias", 0, bias.shape(0), wide);
  check_shape("upper_weight", 0, upper_weight.shape(0), size_t(n_actions));
  check_shape("upper_weight", 1, upper_weight.shape(1), size_t(hidden));
  check_shape("upper_bias", 0, upper_bias.shape(0), size_t(n_actions));
  StateLayers layers;
  layers.n_features = n_features;
  layers.hidden = hidden;
  layers.pieces = pieces;
  layers.n_actions = n_actions;
  layers.padding = padding.data();
  layers.bias = bias.data();
  layers.upper_weight = upper_weight.data();
  layers.upper_bias = upper_bias.data();
  layers.pack(packed);
  return layers;
}

RolloutPlan to_plan(const Array<int32_t, 1>& lengths, size_t n_words, float exploration, uint64_t seed,
                    int n_threads) {
  RolloutPlan plan{{0}, exploration, seed, n_threads};
  if (!(exploration >= 0.0f && exploration <= 1.0f)) {
    throw Error(ErrorKind::training,
                "exploration: found " + std::to_string(exploration) + ", expected 0 to 1");
  }
  if (n_threads < 1)
    throw Error(ErrorKind::training,
                "n_threads: found " + std::to_string(n_threads) + ", expected 1 or more");
  for (size_t d = 0; d < lengths.shape(0); ++d) {
    const int32_t length = lengths.data()[d];
    if (length < 0 || length > INT32_MAX / 2) {
      throw Error(ErrorKind::training, "lengths[" + std::to_string(d) + "]: found " + std::to_string(length) +
                                           ", expected 0 or more words");
    }
    plan.begin.push_back(plan.begin.back() + length);
  }
  if (n_words > size_t(INT32_MAX))
    throw Error(ErrorKind::training, "rows: too many words for one batch; make it smaller");
  check_shape("rows", 0, n_words, size_t(plan.begin.back()));
  return plan;
}

template <typename T>
void check_values(const Array<T, 1>& values, size_t n, int64_t low, int64_t high, const char* name) {
  check_shape(name, 0, values.shape(0), n);
  for (size_t i = 0; i < n; ++i) {
    const auto value = int64_t(values.data()[i]);
    if (value >= low && value <= high) continue;
    throw Error(ErrorKind::training, std::string(name) + "[" + std::to_string(i) + "]: found " +
                                         std::to_string(value) + ", expected " + std::to_string(low) +
                                         " to " + std::to_string(high));
  }
}

void check_heads(const Array<int32_t, 1>& heads, const RolloutPlan& plan) {
  check_shape("heads", 0, heads.shape(0), size_t(plan.begin.back()));
  for (size_t d = 0; d + 1 < plan.begin.size(); ++d) {
    for (int64_t i = plan.begin[d]; i < plan.begin[d + 1]; ++i) {
      const int32_t head = heads.data()[i];
      if (head >= -1 && head < plan.begin[d + 1] - plan.begin[d]) continue;
      throw Error(ErrorKind::training, "heads: found " + std::to_string(head) + " at word " +
                                           std::to_string(i - plan.begin[d]) + " of document " +
                                           std::to_string(d) + ", expected -1 or a word of the document");
    }
  }
}

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
  AlignedFloats packed;
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
    const nb::gil_scoped_release unlocked;
    states = roll_parser(s.system, s.features, layers, rows.data(),
                         {heads.data(), deprels.data(), sent_starts.data()}, plan, presets ? presets->data() : nullptr);
  }
  return to_python(std::move(states), n_features, n_actions);
}

auto roll_entities_python(const EntitySystem& s, const LayerArrays& arrays, int hidden, int pieces,
                          const Array<int32_t, 1>& lengths, const Array<float, 2>& rows,
                          const Array<uint8_t, 1>& iob, const Array<int32_t, 1>& labels, float exploration,
                          uint64_t seed, int n_threads, const std::optional<Array<int8_t, 1>>& sent_starts) {
  const int n_features = s.features.size(), n_actions = s.system.n_actions();
  AlignedFloats packed;
  const StateLayers layers = to_layers(arrays, hidden, pieces, n_features, n_actions, packed);
  const size_t n = rows.shape(0);
  const RolloutPlan plan = to_plan(lengths, n, exploration, seed, n_threads);
  check_shape("rows", 1, rows.shape(1), size_t(layers.row_size()));
  check_values(iob, n, 0, 3, "iob");
  check_values(labels, n, -1, int64_t(s.system.labels().size()) - 1, "labels");
  if (sent_starts) check_values(*sent_starts, n, -1, 1, "sent_starts");
  static_assert(sizeof(Iob) == 1);
  const GoldEntities gold{reinterpret_cast<const Iob*>(iob.data()), labels.data(),
                          sent_starts ? sent_starts->data() : nullptr};
  RolloutStates states;
  {
    const nb::gil_scoped_release unlocked;
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
                 const std::optional<Array<int8_t, 1>>& presets, const std::string& scheme) {
  AlignedFloats packed;
  const Parser parser(s.system, s.features, to_layers(arrays, hidden, pieces, s.features.size(), s.system.n_actions(), packed),
                      lift_scheme(scheme));
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
                   const std::optional<Array<uint8_t, 1>>& iob, const std::optional<std::vector<std::string>>& labels) {
  AlignedFloats packed;
  const EntityRecognizer recognizer(s.system, s.features,
                                    to_layers(arrays, hidden, pieces, s.features.size(), s.system.n_actions(), packed));
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
        nb::arg("sent_starts") = nb::none());
  m.def("walk_parser", &walk_parser, nb::arg("system"), nb::arg("layers"), nb::arg("hidden"),
        nb::arg("pieces"), nb::arg("rows"), nb::arg("presets") = nb::none(), nb::arg("scheme") = "head");
  m.def("walk_entities", &walk_entities, nb::arg("system"), nb::arg("layers"), nb::arg("hidden"),
        nb::arg("pieces"), nb::arg("rows"), nb::arg("iob") = nb::none(), nb::arg("labels") = nb::none());
}
