// Token vectors and lower-layer rows that a device computed in, an annotated document out.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "bindings/pipeline_object.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

using Rows = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

void check_shape(const char* name, const Rows& rows, size_t words, size_t columns) {
  if (rows.shape(0) == words && rows.shape(1) == columns) return;
  throw Error(ErrorKind::text, std::string("annotate_given: ") + name + ": found shape (" +
                                   std::to_string(rows.shape(0)) + ", " + std::to_string(rows.shape(1)) +
                                   "), expected (" + std::to_string(words) + ", " + std::to_string(columns) + ")");
}

// Rows of a transition system's lower layer, null when the core shall make them.
template <class Annotator>
const float* checked_rows(const char* name, const std::optional<Rows>& rows, const Walker<Annotator>& walker,
                          size_t words) {
  if (!rows) return nullptr;
  if (!walker.network) throw Error(ErrorKind::settings, std::string("annotate_given: this pipeline has no ") + name);
  check_shape(name, *rows, words, size_t(walker.network->layers().row_size()));
  return rows->data();
}

void annotate_given(PipelineObject& self, Doc& doc, const std::vector<std::string>& enabled, const Rows& vectors,
                    const std::optional<Rows>& parser, const std::optional<Rows>& ner) {
  const PipelineParts& parts = self.pipeline.parts();
  const size_t width = size_t(parts.encoder->width()), stride = parts.encoder->stride();
  Doc copy = doc;  // other Python threads may touch `doc` while the GIL is released
  check_shape("vectors", vectors, copy.size(), width);
  const float* parser_rows = checked_rows("parser", parser, parts.parser, copy.size());
  const float* ner_rows = checked_rows("ner", ner, parts.ner, copy.size());
  {
    nb::gil_scoped_release release;
    AlignedFloats padded(copy.size() * stride);
    for (size_t word = 0; word < copy.size(); ++word)
      std::copy_n(vectors.data() + word * width, width, padded.data() + word * stride);
    StatePool::Lease lease(self.pool);
    const Given given{{padded.data(), stride, copy.size()}, parser_rows, ner_rows};
    self.pipeline.annotate_given(given, copy, lease.state(), enabled_of(enabled));
  }
  doc = std::move(copy);
}

}  // namespace

void bind_given(nb::class_<PipelineObject>& pipeline) {
  pipeline.def("annotate_given", &annotate_given, nb::arg("doc"), nb::arg("enabled"), nb::arg("vectors").noconvert(),
               nb::arg("parser").noconvert() = nb::none(), nb::arg("ner").noconvert() = nb::none(),
               "In place, from token vectors, float32 (words, width), and rows of the lower layers, float32 (words, "
               "features * pieces * hidden); the core makes rows that are not given.");
}
