// Pipeline: made of parts, then constant; texts and documents in, annotated documents out, without the GIL.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>

#include <algorithm>

#include "base/error.h"
#include "bindings/convert.h"
#include "bindings/evidence.h"
#include "bindings/pipeline_object.h"
#include "bindings/precision.h"
#include "bindings/released_gil.h"
#include "bindings/tokenizer_object.h"
#include "bindings/systems.h"
#include "pipeline/segments.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

// A pipeline in the making; `parts` is empty once a pipeline took it.
struct PartsObject {
  PipelineParts parts;
  int width;
  Precision precision;
  bool taken = false;
};

std::vector<std::string> labels_of(nb::list list) {
  std::vector<std::string> labels;
  for (nb::handle label : list) {
    if (!PyUnicode_Check(label.ptr())) throw Error(ErrorKind::package, "labels: expected a list of str");
    labels.push_back(text_from_python(label));
  }
  return labels;
}

PipelineParts& open_parts(PartsObject& object) {
  if (object.taken) throw Error(ErrorKind::settings, "PipelineParts: a pipeline has been made of them; make new ones");
  return object.parts;
}

template <class Annotator, class Object, class... More>
void add_walker(PartsObject& parts, Walker<Annotator>& walker, const std::string& name, const Object& object,
                int hidden, int pieces, const Weights& weights, More... more) {
  const StateShape shape{object.features.size(), hidden, pieces, object.system.n_actions()};
  auto network = std::make_unique<const StateNetwork>(weights, name, parts.width, shape, parts.precision);
  auto annotator = std::make_unique<Annotator>(object.system, object.features, network->layers(), more...);
  annotator->calibrate({weights, name});
  walker.annotator = std::move(annotator);
  walker.network = std::move(network);
}

Doc annotate(PipelineObject& self, nb::str text, const std::vector<std::string>& enabled) {
  std::string bytes = text_from_python(text);
  const ReleasedGil release;
  StatePool::Lease lease(self.shared->pool);
  return self.shared->pipeline.annotate(std::move(bytes), lease.state(), enabled_of(enabled));
}

nb::list annotate_all(PipelineObject& self, nb::list texts, const std::vector<std::string>& enabled) {
  std::vector<std::string> bytes;
  bytes.reserve(texts.size());
  for (nb::handle text : texts) {
    if (!PyUnicode_Check(text.ptr())) throw Error(ErrorKind::text, "texts: expected a list of str");
    bytes.push_back(text_from_python(text));
  }
  std::vector<Doc> docs;
  docs.reserve(bytes.size());
  {
    const ReleasedGil release;
    StatePool::Lease lease(self.shared->pool);
    const Enabled wanted = enabled_of(enabled);
    try {
      for (std::string& text : bytes)
        docs.push_back(self.shared->pipeline.annotate(std::move(text), lease.state(), wanted));
    } catch (const std::exception&) {
      if (docs.empty()) throw;
    }
  }
  nb::list out;
  for (Doc& doc : docs) out.append(nb::cast(std::move(doc)));
  return out;
}

void annotate_doc(PipelineObject& self, Doc& doc, const std::vector<std::string>& enabled) {
  Doc copy = doc;  // other Python threads may touch `doc` while the GIL is released
  {
    const ReleasedGil release;
    StatePool::Lease lease(self.shared->pool);
    self.shared->pipeline.annotate(copy, lease.state(), enabled_of(enabled));
  }
  doc = std::move(copy);
}

// For each segment: its words, the sentence starts given, and for each step the number of allowed actions and the ranked ones as (action,
// score, probability). Annotates `doc`.
nb::list trace(PipelineObject& self, Doc& doc, const std::string& annotator, size_t most) {
  Doc copy = doc;
  std::vector<TracedSegment> segments;
  {
    const ReleasedGil release;
    StatePool::Lease lease(self.shared->pool);
    segments = annotator == "ner" ? self.shared->pipeline.trace_ner(copy, lease.state(), most)
                                  : self.shared->pipeline.trace_parser(copy, lease.state(), most);
  }
  doc = std::move(copy);
  nb::list out;
  for (const auto& segment : segments) {
    nb::list steps;
    for (const auto& step : segment.steps) {
      nb::list ranked;
      for (const auto& each : step.ranked) ranked.append(nb::make_tuple(each.action, each.score, each.probability));
      steps.append(nb::make_tuple(step.n_allowed, ranked));
    }
    nb::list presets;
    for (const SentStart preset : segment.presets) presets.append(int(preset));
    out.append(nb::make_tuple(segment.begin, segment.end, presets, steps));
  }
  return out;
}

// Annotates as annotate_doc does.
std::pair<EvidenceMatrix, EvidenceMatrix> annotate_with_evidence(PipelineObject& self, Doc& doc, const std::vector<std::string>& enabled) {
  Doc copy = doc;
  Evidence evidence;
  {
    const ReleasedGil release;
    StatePool::Lease lease(self.shared->pool);
    self.shared->pipeline.annotate(copy, lease.state(), enabled_of(enabled), &evidence);
  }
  doc = std::move(copy);
  return evidence_matrices(evidence);
}

std::vector<size_t> checked_segment_ends(const Doc& doc, size_t most) {
  if (most < 2) throw Error(ErrorKind::settings, "most: found " + std::to_string(most) + ", expected at least 2 words");
  return segment_ends(doc, most);
}

void bind_parts(nb::module_& m) {
  nb::class_<PartsObject>(m, "PipelineParts")
      .def("__init__",
           [](PartsObject* self, const TokenizerObject& tokenizer, const EncoderSettings& settings, const Weights& weights,
              const std::string& precision) {
             const Precision chosen = precision_of(precision);
             PipelineParts parts;
             parts.tokenizer = tokenizer.tokenizer;
             parts.encoder = std::make_unique<const Encoder>(settings, weights, chosen);
             new (self) PartsObject{std::move(parts), settings.width, chosen};
           },
           nb::arg("tokenizer"), nb::arg("encoder"), nb::arg("weights"), nb::arg("precision") = "fp32")
      .def("add_tagger", [](PartsObject& self, nb::list labels, const Weights& weights) {
        open_parts(self).xpos.emplace(labels_of(labels), weights, "tagger", self.width, self.precision);
      }, nb::arg("labels"), nb::arg("weights"))
      .def("add_morphologizer",
           [](PartsObject& self, nb::list upos, nb::list feats, const Weights& weights) {
             Tagger upos_tagger(labels_of(upos), weights, "upos", self.width, self.precision);
             open_parts(self).feats.emplace(labels_of(feats), weights, "feats", self.width, self.precision);
             self.parts.upos = std::move(upos_tagger);
           },
           nb::arg("upos"), nb::arg("feats"), nb::arg("weights"))
      .def("add_lemmatizer",
           [](PartsObject& self, nb::list trees, int candidates, const Weights& weights) {
             open_parts(self).lemmatizer.emplace(labels_of(trees), weights, self.width, candidates, self.precision);
           },
           nb::arg("trees"), nb::arg("candidates"), nb::arg("weights"))
      .def("add_senter",
           [](PartsObject& self, int hidden, int pieces, float start_above, float join_below, const Weights& weights) {
             const SenterSettings settings{hidden, pieces, start_above, join_below};
             open_parts(self).senter.emplace(weights, self.width, settings);
           },
           nb::arg("hidden"), nb::arg("pieces"), nb::arg("start_above"), nb::arg("join_below"), nb::arg("weights"))
      .def("add_parser",
           [](PartsObject& self, const ParserSystem& system, int hidden, int pieces, const Weights& weights,
               const std::string& lifting, int beam_width) {
             add_walker(self, open_parts(self).parser, "parser", system, hidden, pieces, weights, beam_width,
                        lift_scheme(lifting));
           },
           nb::arg("system"), nb::arg("hidden"), nb::arg("pieces"), nb::arg("weights"), nb::arg("lifting") = "head",
           nb::arg("beam_width") = 1)
      .def("add_ner",
           [](PartsObject& self, const EntitySystem& system, int hidden, int pieces, const Weights& weights,
              int beam_width) {
             add_walker(self, open_parts(self).ner, "ner", system, hidden, pieces, weights, beam_width);
           },
           nb::arg("system"), nb::arg("hidden"), nb::arg("pieces"), nb::arg("weights"), nb::arg("beam_width") = 1);
}

}  // namespace

Enabled enabled_of(const std::vector<std::string>& names) {
  Enabled enabled{false, false, false, false, false, false};
  const std::pair<const char*, bool*> known[] = {{"tagger", &enabled.tagger}, {"morphologizer", &enabled.morphologizer},
                                                 {"lemmatizer", &enabled.lemmatizer},
                                                 {"senter", &enabled.senter}, {"parser", &enabled.parser},
                                                 {"ner", &enabled.ner}};
  for (const auto& name : names)
    for (const auto& [annotator, flag] : known)
      if (name == annotator) *flag = true;
  return enabled;
}

void bind_pipeline(nb::module_& m) {
  bind_parts(m);
  m.def("segment_ends", &checked_segment_ends, nb::arg("doc"), nb::arg("most") = kMostSegmentWords,
        "Ends of the pieces in which parser and recognizer walk a document.");
  nb::class_<PipelineObject>(m, "Pipeline")
      .def("__init__",
           [](PipelineObject* self, PartsObject& parts) {
             PipelineParts taken = std::move(open_parts(parts));
             parts.taken = true;
             new (self) PipelineObject{
                 std::shared_ptr<SharedPipeline>(new SharedPipeline{Pipeline(std::move(taken)), {}})};
           },
           nb::arg("parts"), "Takes the parts, which cannot be used again.")
      .def("tokenize",
           [](PipelineObject& self, nb::str text) {
             std::string bytes = text_from_python(text);
             Doc doc;
             const ReleasedGil release;
             StatePool::Lease lease(self.shared->pool);
             self.shared->pipeline.tokenize(std::move(bytes), lease.state(), doc);
             return doc;
           },
           nb::arg("text"))
      .def("annotate", &annotate, nb::arg("text"), nb::arg("enabled"))
      .def("annotate_all", &annotate_all, nb::arg("texts"), nb::arg("enabled"),
           nb::sig("def annotate_all(self, texts: list[str], enabled: collections.abc.Sequence[str]) -> list[Doc]"),
           "Documents in the order of the texts, on this thread (for others see Stream). Where a text fails, those before it, "
           "if there are any.")
      .def("annotate_with_evidence", &annotate_with_evidence, nb::arg("doc"), nb::arg("enabled"),
           "In place, as annotate_doc. What the walks knew: (words, 5) side, arc, weakest, label, log_distance; "
           "(entities, 4) first, last, all, log_length.")
      .def("annotate_doc", &annotate_doc, nb::arg("doc"), nb::arg("enabled"), "In place; words are given.")
      .def("trace", &trace, nb::arg("doc"), nb::arg("annotator"), nb::arg("most"),
           nb::sig("def trace(self, doc: Doc, annotator: str, most: int) -> "
                   "list[tuple[int, int, list[int], list[tuple[int, list[tuple[int, float, float]]]]]]"),
           "Annotates in place with the parser or the recognizer alone, and tells its steps by segment.");
  bind_segment_walk(m);
}
