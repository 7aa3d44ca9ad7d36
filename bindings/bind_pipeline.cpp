// Pipeline: made of parts, then constant; texts and documents in, annotated documents out, without the GIL.
#include <nanobind/nanobind.h>

#include "base/error.h"
#include "bindings/convert.h"
#include "bindings/tokenizer_object.h"
#include "bindings/systems.h"
#include "pipeline/batch.h"
#include "pipeline/segments.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

// A pipeline in the making; `parts` is empty once a pipeline took it.
struct PartsObject {
  PipelineParts parts;
  int width;
  bool taken = false;
};

struct PipelineObject {
  Pipeline pipeline;
  StatePool pool;
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

template <class Annotator, class Object>
void add_walker(Walker<Annotator>& walker, const std::string& name, const Object& object, int width, int hidden, int pieces,
                const Weights& weights) {
  const StateShape shape{object.features.size(), hidden, pieces, object.system.n_actions()};
  auto network = std::make_unique<const StateNetwork>(weights, name, width, shape);
  walker.annotator = std::make_unique<const Annotator>(object.system, object.features, network->layers());
  walker.network = std::move(network);
}

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

nb::list annotate(PipelineObject& self, nb::list texts, const std::vector<std::string>& enabled, size_t n_threads) {
  std::vector<std::string> bytes;
  for (nb::handle text : texts) {
    if (!PyUnicode_Check(text.ptr())) throw Error(ErrorKind::text, "texts: expected a list of str");
    bytes.push_back(text_from_python(text));
  }
  std::vector<Doc> docs;
  {
    nb::gil_scoped_release release;
    docs = annotate_all(self.pipeline, bytes, self.pool, n_threads, enabled_of(enabled));
  }
  nb::list out;
  for (Doc& doc : docs) out.append(nb::cast(std::move(doc)));
  return out;
}

void annotate_doc(PipelineObject& self, Doc& doc, const std::vector<std::string>& enabled) {
  Doc copy = doc;  // other Python threads may touch `doc` while the GIL is released
  {
    nb::gil_scoped_release release;
    StatePool::Lease lease(self.pool);
    self.pipeline.annotate(copy, lease.state(), enabled_of(enabled));
  }
  doc = std::move(copy);
}

std::vector<size_t> checked_segment_ends(const Doc& doc, size_t most) {
  if (most < 2) throw Error(ErrorKind::settings, "most: found " + std::to_string(most) + ", expected at least 2 words");
  return segment_ends(doc, most);
}

void bind_parts(nb::module_& m) {
  nb::class_<PartsObject>(m, "PipelineParts")
      .def("__init__",
           [](PartsObject* self, const TokenizerObject& tokenizer, const EncoderSettings& settings, const Weights& weights) {
             PipelineParts parts;
             parts.tokenizer = tokenizer.tokenizer;
             parts.encoder = std::make_unique<const Encoder>(settings, weights);
             new (self) PartsObject{std::move(parts), settings.width};
           },
           nb::arg("tokenizer"), nb::arg("encoder"), nb::arg("weights"))
      .def("add_tagger", [](PartsObject& self, nb::list labels, const Weights& weights) {
        open_parts(self).xpos.emplace(labels_of(labels), weights, "tagger", self.width);
      }, nb::arg("labels"), nb::arg("weights"))
      .def("add_morphologizer",
           [](PartsObject& self, nb::list upos, nb::list feats, const Weights& weights) {
             Tagger upos_tagger(labels_of(upos), weights, "upos", self.width);
             open_parts(self).feats.emplace(labels_of(feats), weights, "feats", self.width);
             self.parts.upos = std::move(upos_tagger);
           },
           nb::arg("upos"), nb::arg("feats"), nb::arg("weights"))
      .def("add_lemmatizer",
           [](PartsObject& self, nb::list trees, int candidates, const Weights& weights) {
             open_parts(self).lemmatizer.emplace(labels_of(trees), weights, self.width, candidates);
           },
           nb::arg("trees"), nb::arg("candidates"), nb::arg("weights"))
      .def("add_senter",
           [](PartsObject& self, int hidden, int pieces, float start_above, float join_below, const Weights& weights) {
             const SenterSettings settings{hidden, pieces, start_above, join_below};
             open_parts(self).senter.emplace(weights, self.width, settings);
           },
           nb::arg("hidden"), nb::arg("pieces"), nb::arg("start_above"), nb::arg("join_below"), nb::arg("weights"))
      .def("add_parser",
           [](PartsObject& self, const ParserSystem& system, int hidden, int pieces, const Weights& weights) {
             add_walker(open_parts(self).parser, "parser", system, self.width, hidden, pieces, weights);
           },
           nb::arg("system"), nb::arg("hidden"), nb::arg("pieces"), nb::arg("weights"))
      .def("add_ner",
           [](PartsObject& self, const EntitySystem& system, int hidden, int pieces, const Weights& weights) {
             add_walker(open_parts(self).ner, "ner", system, self.width, hidden, pieces, weights);
           },
           nb::arg("system"), nb::arg("hidden"), nb::arg("pieces"), nb::arg("weights"));
}

}  // namespace

void bind_pipeline(nb::module_& m) {
  bind_parts(m);
  m.def("segment_ends", &checked_segment_ends, nb::arg("doc"), nb::arg("most") = kMostSegmentWords,
        "Ends of the pieces in which parser and recognizer walk a document.");
  nb::class_<PipelineObject>(m, "Pipeline")
      .def("__init__",
           [](PipelineObject* self, PartsObject& parts) {
             PipelineParts taken = std::move(open_parts(parts));
             parts.taken = true;
             new (self) PipelineObject{Pipeline(std::move(taken)), {}};
           },
           nb::arg("parts"), "Takes the parts, which cannot be used again.")
      .def("tokenize",
           [](PipelineObject& self, nb::str text) {
             const std::string bytes = text_from_python(text);
             Doc doc;
             nb::gil_scoped_release release;
             StatePool::Lease lease(self.pool);
             self.pipeline.tokenize(bytes, lease.state(), doc);
             return doc;
           },
           nb::arg("text"))
      .def("annotate", &annotate, nb::arg("texts"), nb::arg("enabled"), nb::arg("n_threads"),
           "Documents in the order of the texts.")
      .def("annotate_doc", &annotate_doc, nb::arg("doc"), nb::arg("enabled"), "In place; words are given.");
}
