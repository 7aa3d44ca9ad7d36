#include "pipeline/pipeline.h"

#include "pipeline/segments.h"

namespace treelet {

namespace {

constexpr size_t kKeptRowFloats = size_t(1) << 23;  // 32 MiB of lower-layer rows are kept between documents

template <class Annotator>
void walk(const Walker<Annotator>& walker, const TokenVectors& vectors, AlignedFloats& rows,
          typename Annotator::State& state, Doc& doc) {
  const size_t row_size = size_t(walker.network->layers().row_size());
  size_t begin = 0;
  for (size_t end : segment_ends(doc)) {
    rows.grow((end - begin) * row_size);
    walker.network->lower(vectors.data + begin * vectors.stride, vectors.stride, end - begin, rows.data());
    walker.annotator->annotate(doc, rows.data(), begin, end - begin, state);
    begin = end;
  }
  if (rows.capacity() > kKeptRowFloats) rows.release();
}

}  // namespace

void Pipeline::annotate(Doc& doc, State& state, const Enabled& enabled) const {
  const bool xpos = enabled.tagger && parts_.xpos, morphology = enabled.morphologizer && parts_.upos;
  const bool lemmas = enabled.lemmatizer && parts_.lemmatizer;
  const bool starts = enabled.senter && parts_.senter;
  const bool trees = enabled.parser && parts_.parser.annotator, entities = enabled.ner && parts_.ner.annotator;
  if (doc.size() == 0 || !(xpos || morphology || lemmas || starts || trees || entities)) return;

  const TokenVectors vectors{parts_.encoder->encode(doc, state.encoder_), parts_.encoder->stride(), doc.size()};
  if (xpos) parts_.xpos->annotate(vectors, state.tagger_, doc.xpos);
  if (morphology) {
    parts_.upos->annotate(vectors, state.tagger_, doc.upos);
    parts_.feats->annotate(vectors, state.tagger_, doc.feats);
  }
  if (lemmas) parts_.lemmatizer->annotate(vectors, state.tagger_, doc);
  if (starts) parts_.senter->annotate(doc, vectors, trees, state.senter_);
  if (trees) walk(parts_.parser, vectors, state.rows_, state.parser_, doc);
  if (entities) walk(parts_.ner, vectors, state.rows_, state.ner_, doc);
}

Doc Pipeline::annotate(std::string_view text, State& state, const Enabled& enabled) const {
  Doc doc;
  tokenize(text, state, doc);
  annotate(doc, state, enabled);
  return doc;
}

}  // namespace treelet
