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
std::vector<TracedSegment> trace(const Walker<Annotator>& walker, const TokenVectors& vectors,
                                 typename Annotator::State& state, Doc& doc, size_t most) {
  std::vector<TracedSegment> segments;
  AlignedFloats rows;
  size_t begin = 0;
  for (const size_t end : segment_ends(doc)) {
    rows.grow((end - begin) * size_t(walker.network->layers().row_size()));
    walker.network->lower(vectors.data + begin * vectors.stride, vectors.stride, end - begin, rows.data());
    const std::vector<SentStart> presets = starts_of(doc, begin, end);
    auto steps = walker.annotator->trace(doc, rows.data(), begin, end - begin, state, most);
    segments.push_back({begin, end, presets, std::move(steps)});
    begin = end;
  }
  return segments;
}

void check_present(bool present, const char* name) {
  if (present) return;
  throw Error(ErrorKind::settings, std::string("trace: this pipeline has no ") + name + "; load one that does");
}

}  // namespace

std::vector<TracedSegment> Pipeline::trace_parser(Doc& doc, State& state, size_t most) const {
  check_present(parts_.parser.annotator != nullptr, "parser");
  if (doc.size() == 0) return {};
  if (!doc.iob.empty()) keep_entities_whole(doc);
  const TokenVectors vectors{parts_.encoder->encode(doc, state.encoder_), parts_.encoder->stride(), doc.size()};
  if (parts_.senter) parts_.senter->annotate(doc, vectors, true, state.senter_);
  return trace(parts_.parser, vectors, state.parser_, doc, most);
}

std::vector<TracedSegment> Pipeline::trace_ner(Doc& doc, State& state, size_t most) const {
  check_present(parts_.ner.annotator != nullptr, "ner");
  if (doc.size() == 0) return {};
  const TokenVectors vectors{parts_.encoder->encode(doc, state.encoder_), parts_.encoder->stride(), doc.size()};
  return trace(parts_.ner, vectors, state.ner_, doc, most);
}

}  // namespace treelet
