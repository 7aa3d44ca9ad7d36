#include "pipeline/pipeline.h"

#include "doc/entities.h"
#include "pipeline/segments.h"

namespace treelet {

namespace {

constexpr size_t kKeptRowFloats = size_t(1) << 23;  // 32 MiB of lower-layer rows are kept between documents

void collect(const Parser::State& state, size_t, Evidence& evidence) {
  const auto& heads = state.confidence.evidence();
  evidence.heads.insert(evidence.heads.end(), heads.begin(), heads.end());
}

void collect(const EntityRecognizer::State& state, size_t first_word, Evidence& evidence) {
  for (FoundEntity entity : state.confidence.found()) {
    entity.first += int32_t(first_word);
    entity.last += int32_t(first_word);
    evidence.entities.push_back(entity);
  }
}

template <class Annotator>
void walk(const Walker<Annotator>& walker, const TokenVectors& vectors, AlignedFloats& rows,
          typename Annotator::State& state, Doc& doc, Evidence* evidence) {
  const size_t row_size = size_t(walker.network->layers().row_size());
  size_t begin = 0;
  for (size_t end : segment_ends(doc)) {
    rows.grow((end - begin) * row_size);
    walker.network->lower(vectors.data + begin * vectors.stride, vectors.stride, end - begin, rows.data());
    walker.annotator->annotate(doc, rows.data(), begin, end - begin, state);
    if (evidence) collect(state, begin, *evidence);
    begin = end;
  }
  if (rows.capacity() > kKeptRowFloats) rows.release();
}

}  // namespace

void Pipeline::annotate(Doc& doc, State& state, const Enabled& enabled, Evidence* evidence) const {
  const bool xpos = enabled.tagger && parts_.xpos, morphology = enabled.morphologizer && parts_.upos;
  const bool lemmas = enabled.lemmatizer && parts_.lemmatizer;
  const bool starts = enabled.senter && parts_.senter;
  const bool trees = enabled.parser && parts_.parser.annotator, entities = enabled.ner && parts_.ner.annotator;
  if (doc.size() == 0 || !(xpos || morphology || lemmas || starts || trees || entities)) return;

  if ((starts || trees) && !doc.iob.empty()) keep_entities_whole(doc);
  const TokenVectors vectors{parts_.encoder->encode(doc, state.encoder_), parts_.encoder->stride(), doc.size()};
  if (xpos) parts_.xpos->annotate(vectors, state.tagger_, doc.xpos);
  if (morphology) {
    parts_.upos->annotate(vectors, state.tagger_, doc.upos);
    parts_.feats->annotate(vectors, state.tagger_, doc.feats);
  }
  if (lemmas) parts_.lemmatizer->annotate(vectors, state.tagger_, doc);
  if (starts) parts_.senter->annotate(doc, vectors, trees, state.senter_);
  if (trees) walk(parts_.parser, vectors, state.rows_, state.parser_, doc, evidence);
  if (entities) walk(parts_.ner, vectors, state.rows_, state.ner_, doc, evidence);
}

Doc Pipeline::annotate(std::string text, State& state, const Enabled& enabled) const {
  Doc doc;
  tokenize(std::move(text), state, doc);
  annotate(doc, state, enabled);
  doc.fit();
  return doc;
}

}  // namespace treelet
