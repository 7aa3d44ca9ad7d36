// A document and one transition system -> the steps it takes: Pipeline::trace_parser and trace_ner.
#include "base/error.h"
#include "doc/entities.h"
#include "pipeline/pipeline.h"
#include "pipeline/segments.h"

namespace treelet {

namespace {

std::vector<SentStart> starts_of(const Doc& doc, size_t begin, size_t end) {
  if (doc.sent_start.empty()) return std::vector<SentStart>(end - begin, 0);
  return {doc.sent_start.begin() + int64_t(begin), doc.sent_start.begin() + int64_t(end)};
}

template <class Annotator>
TracedSegment trace(const Walker<Annotator>& walker, const TokenVectors& vectors, typename Annotator::State& state,
                    Doc& doc, size_t most) {
  AlignedFloats rows;
  rows.grow(vectors.n * size_t(walker.network->layers().row_size()));
  walker.network->lower(vectors.data, vectors.stride, vectors.n, rows.data());
  const size_t end = vectors.first + vectors.n;
  std::vector<SentStart> presets = starts_of(doc, vectors.first, end);
  auto steps = walker.annotator->trace(doc, rows.data(), vectors.first, vectors.n, state, most);
  return {vectors.first, end, std::move(presets), std::move(steps)};
}

void check_present(bool present, const char* name) {
  if (present) return;
  throw Error(ErrorKind::settings, std::string("trace: this pipeline has no ") + name + "; load one that does");
}

}  // namespace

std::vector<TracedSegment> Pipeline::trace_parser(Doc& doc, State& state, size_t most) const {
  check_present(parts_.parser.annotator != nullptr, "parser");
  if (!doc.iob.empty()) keep_entities_whole(doc);
  std::vector<TracedSegment> segments;
  size_t begin = 0;
  for (const size_t end : segment_ends(doc)) {
    const TokenVectors vectors = encode(doc, {begin, end}, state);
    if (parts_.senter) parts_.senter->annotate(doc, vectors, true, state.senter_);
    segments.push_back(trace(parts_.parser, vectors, state.parser_, doc, most));
    begin = end;
  }
  return segments;
}

std::vector<TracedSegment> Pipeline::trace_ner(Doc& doc, State& state, size_t most) const {
  check_present(parts_.ner.annotator != nullptr, "ner");
  std::vector<TracedSegment> segments;
  size_t begin = 0;
  for (const size_t end : segment_ends(doc, kMostSegmentWords, doc.head.empty())) {
    segments.push_back(trace(parts_.ner, encode(doc, {begin, end}, state), state.ner_, doc, most));
    begin = end;
  }
  return segments;
}

}  // namespace treelet
