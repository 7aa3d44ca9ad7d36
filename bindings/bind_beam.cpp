// Beam search for teaching and for tests: numpy arrays in, windows or the best history out.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>

#include <optional>

#include "annotators/beam_rollout.h"
#include "annotators/beam_systems.h"
#include "bindings/convert.h"
#include "bindings/released_gil.h"
#include "bindings/rollout_arrays.h"
#include "bindings/systems.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

auto to_python(BeamWindows&& windows, const StateLayers& layers) {
  return std::tuple(to_numpy(std::move(windows.positions), size_t(layers.n_features)),
                    to_numpy(std::move(windows.valid), size_t(layers.n_actions)),
                    to_numpy(std::move(windows.steps), 3), to_numpy(std::move(windows.candidates), 2));
}

auto beam_parser_python(const ParserSystem& s, const LayerArrays& arrays, int hidden, int pieces,
                        const Array<int32_t, 1>& lengths, const Array<float, 2>& rows,
                        const Array<int32_t, 1>& heads, const Array<int32_t, 1>& deprels,
                        const Array<int8_t, 1>& sent_starts, float exploration, uint64_t seed, int n_threads,
                        int width) {
  StateLayers::Packed packed;
  const StateLayers layers = to_layers(arrays, hidden, pieces, s.features.size(), s.system.n_actions(), packed);
  const size_t n = rows.shape(0);
  const RolloutPlan plan = to_plan(lengths, n, exploration, seed, n_threads);
  check_shape("rows", 1, rows.shape(1), size_t(layers.row_size()));
  check_heads(heads, plan);
  check_values(deprels, n, -1, int64_t(s.system.labels().size()) - 1, "deprels");
  check_values(sent_starts, n, -1, 1, "sent_starts");
  BeamWindows windows;
  {
    const ReleasedGil unlocked;
    windows = beam_parser(s.system, s.features, layers, rows.data(),
                          {heads.data(), deprels.data(), sent_starts.data()}, plan, width);
  }
  return to_python(std::move(windows), layers);
}

auto beam_entities_python(const EntitySystem& s, const LayerArrays& arrays, int hidden, int pieces,
                          const Array<int32_t, 1>& lengths, const Array<float, 2>& rows,
                          const Array<uint8_t, 1>& iob, const Array<int32_t, 1>& labels, float exploration,
                          uint64_t seed, int n_threads, int width) {
  StateLayers::Packed packed;
  const StateLayers layers = to_layers(arrays, hidden, pieces, s.features.size(), s.system.n_actions(), packed);
  const size_t n = rows.shape(0);
  const RolloutPlan plan = to_plan(lengths, n, exploration, seed, n_threads);
  check_shape("rows", 1, rows.shape(1), size_t(layers.row_size()));
  check_values(iob, n, 0, 3, "iob");
  check_values(labels, n, -1, int64_t(s.system.labels().size()) - 1, "labels");
  static_assert(sizeof(Iob) == 1);
  const GoldEntities gold{reinterpret_cast<const Iob*>(iob.data()), labels.data(), nullptr};
  BeamWindows windows;
  {
    const ReleasedGil unlocked;
    windows = beam_entities(s.system, s.features, layers, rows.data(), gold, plan, width);
  }
  return to_python(std::move(windows), layers);
}

// Actions of the best history, and the log-probability of each.
template <class System, class Reset>
std::vector<std::pair<int32_t, float>> best_history(const System& system, const StateLayers& layers,
                                                    const Array<float, 2>& rows, int width, const Reset& reset) {
  check_shape("rows", 1, rows.shape(1), size_t(layers.row_size()));
  BeamSearch<System> search;
  reset(search.start(layers, checked_beam_width(width, "search")));
  search.run(system, layers, rows.data(), ErrorKind::package);
  std::vector<std::pair<int32_t, float>> history;
  for (int32_t at = search.candidates().front().last; at != kNone; at = search.steps()[size_t(at)].before)
    history.emplace_back(search.steps()[size_t(at)].action, search.steps()[size_t(at)].log_probability);
  return {history.rbegin(), history.rend()};
}

auto search_parser(const ParserSystem& s, const LayerArrays& arrays, int hidden, int pieces,
                   const Array<float, 2>& rows, int width, const std::optional<Array<int8_t, 1>>& presets) {
  StateLayers::Packed packed;
  const StateLayers layers = to_layers(arrays, hidden, pieces, s.features.size(), s.system.n_actions(), packed);
  const size_t n = rows.shape(0);
  if (presets) check_values(*presets, n, -1, 1, "presets");
  return best_history(ParserBeam{s.system, s.features}, layers, rows, width,
                      [&](ParseState& state) { state.reset(int32_t(n), presets ? presets->data() : nullptr); });
}

auto search_entities(const EntitySystem& s, const LayerArrays& arrays, int hidden, int pieces,
                     const Array<float, 2>& rows, int width, const std::optional<Array<int8_t, 1>>& sent_starts) {
  StateLayers::Packed packed;
  const StateLayers layers = to_layers(arrays, hidden, pieces, s.features.size(), s.system.n_actions(), packed);
  const size_t n = rows.shape(0);
  if (sent_starts) check_values(*sent_starts, n, -1, 1, "sent_starts");
  const SentStart* starts = sent_starts ? sent_starts->data() : nullptr;
  return best_history(EntityBeam{s.system, s.features}, layers, rows, width,
                      [&](EntityState& state) { state.reset(int32_t(n), {nullptr, nullptr, starts}); });
}

}  // namespace

void bind_beam(nb::module_& m) {
  m.def("beam_parser", &beam_parser_python, nb::arg("system"), nb::arg("layers"), nb::arg("hidden"),
        nb::arg("pieces"), nb::arg("lengths"), nb::arg("rows"), nb::arg("heads"), nb::arg("deprels"),
        nb::arg("sent_starts"), nb::arg("exploration"), nb::arg("seed"), nb::arg("n_threads"), nb::arg("width"));
  m.def("beam_entities", &beam_entities_python, nb::arg("system"), nb::arg("layers"), nb::arg("hidden"),
        nb::arg("pieces"), nb::arg("lengths"), nb::arg("rows"), nb::arg("iob"), nb::arg("labels"),
        nb::arg("exploration"), nb::arg("seed"), nb::arg("n_threads"), nb::arg("width"));
  m.def("search_parser", &search_parser, nb::arg("system"), nb::arg("layers"), nb::arg("hidden"),
        nb::arg("pieces"), nb::arg("rows"), nb::arg("width"), nb::arg("presets") = nb::none());
  m.def("search_entities", &search_entities, nb::arg("system"), nb::arg("layers"), nb::arg("hidden"),
        nb::arg("pieces"), nb::arg("rows"), nb::arg("width"), nb::arg("sent_starts") = nb::none());
}
