// Token vectors and lower-layer rows that a device computed in, segment by segment; an annotated document out.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "bindings/evidence.h"
#include "bindings/pipeline_object.h"
#include "bindings/released_gil.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

using Rows = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

void check(bool holds, const std::string& what) {
  if (!holds) throw Error(ErrorKind::text, "SegmentWalk: " + what);
}

void check_shape(const char* name, const Rows& rows, size_t words, size_t columns) {
  check(rows.shape(0) == words && rows.shape(1) == columns,
        std::string(name) + ": found shape (" + std::to_string(rows.shape(0)) + ", " + std::to_string(rows.shape(1)) +
            "), expected (" + std::to_string(words) + ", " + std::to_string(columns) + ")");
}

// Rows of a transition system's lower layer, null when the core shall make them.
template <class Annotator>
const float* checked_rows(const char* name, const std::optional<Rows>& rows, const Walker<Annotator>& walker,
                          size_t words) {
  if (!rows) return nullptr;
  check(walker.network != nullptr, std::string("this pipeline has no ") + name);
  check_shape(name, *rows, words, size_t(walker.network->layers().row_size()));
  return rows->data();
}

// A document on its way through the annotators.
class SegmentWalk {
 public:
  SegmentWalk(const PipelineObject& pipeline, const Doc& doc, const std::vector<std::string>& enabled)
      : shared_(pipeline.shared), wanted_(shared_->pipeline.present(enabled_of(enabled))), doc_(doc) {
    if (doc_.size() > 0 && wanted_ != Enabled::none()) ends_ = shared_->pipeline.start(doc_, wanted_);
  }

  const std::vector<size_t>& ends() const { return ends_; }

  void annotate(const Rows& vectors, const std::optional<Rows>& parser, const std::optional<Rows>& ner) {
    check(!busy_, "another thread annotates this document");
    check(done_ < ends_.size(), "found a segment after the last");
    const PipelineParts& parts = shared_->pipeline.parts();
    const size_t begin = done_ == 0 ? 0 : ends_[done_ - 1], n = ends_[done_] - begin;
    const size_t width = size_t(parts.encoder->width()), stride = parts.encoder->stride();
    check_shape("vectors", vectors, n, width);
    Encoded words{{}, checked_rows("parser", parser, parts.parser, n), checked_rows("ner", ner, parts.ner, n)};
    busy_ = true;
    struct Free {
      bool& busy;
      ~Free() { busy = false; }
    } free{busy_};
    const ReleasedGil release;
    AlignedFloats padded(n * stride);
    for (size_t word = 0; word < n; ++word)
      std::copy_n(vectors.data() + word * width, width, padded.data() + word * stride);
    words.vectors = {padded.data(), stride, begin, n};
    StatePool::Lease lease(shared_->pool);
    shared_->pipeline.annotate_segment(words, doc_, lease.state(), wanted_, &evidence_);
    ++done_;
  }

  std::pair<EvidenceMatrix, EvidenceMatrix> evidence() const {
    check(!busy_, "another thread annotates this document");
    return evidence_matrices(evidence_);
  }

  void finish(Doc& doc) {
    check(!busy_ && done_ == ends_.size(), "found " + std::to_string(done_) + " of " + std::to_string(ends_.size()) +
                                               " segments annotated, expected all of them");
    check(!finished_, "found a document finished before");
    finished_ = true;
    doc = std::move(doc_);
  }

 private:
  std::shared_ptr<SharedPipeline> shared_;
  Enabled wanted_;
  Doc doc_;  // a copy: other threads may touch the caller's while the GIL is released
  std::vector<size_t> ends_;
  Evidence evidence_;
  size_t done_ = 0;
  bool busy_ = false, finished_ = false;  // read and written with the GIL
};

}  // namespace

void bind_segment_walk(nb::module_& m) {
  nb::class_<SegmentWalk>(m, "SegmentWalk", "A document whose words are encoded elsewhere, segment by segment.")
      .def(nb::init<const PipelineObject&, const Doc&, const std::vector<std::string>&>(), nb::arg("pipeline"),
           nb::arg("doc"), nb::arg("enabled"))
      .def("ends", &SegmentWalk::ends, "Ends of the segments, in words; none where nothing is to be annotated.")
      .def("annotate", &SegmentWalk::annotate, nb::arg("vectors").noconvert(), nb::arg("parser").noconvert() = nb::none(),
           nb::arg("ner").noconvert() = nb::none(),
           "The next segment, from token vectors, float32 (words, width), and rows of the lower layers, float32 (words, "
           "features * pieces * hidden); the core makes rows that are not given.")
      .def("evidence", &SegmentWalk::evidence,
           "What the walks knew so far: (words, 5) side, arc, weakest, label, log_distance; (entities, 4) first, last, all, "
           "log_length.")
      .def("finish", &SegmentWalk::finish, nb::arg("doc"), "Writes the annotations to the document that was copied.");
}
