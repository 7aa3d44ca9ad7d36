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

// given: rows of the whole document, or null.
template <class Annotator>
void walk(const Walker<Annotator>& walker, const TokenVectors& vectors, const float* given, AlignedFloats& rows,
          typename Annotator::State& state, Doc& doc, Evidence* evidence) {
  const size_t row_size = size_t(walker.network->layers().row_size());
  size_t begin = 0;
  for (size_t end : segment_ends(doc)) {
    if (!given) {
      rows.grow((end - begin) * row_size);
      walker.network->lower(vectors.data + begin * vectors.stride, vectors.stride, end - begin, rows.data());
    }
    const float* of_segment = given ? given + begin * row_size : rows.data();
    walker.annotator->annotate(doc, of_segment, begin, end - begin, state);
    if (evidence) collect(state, begin, *evidence);
    begin = end;
  }
  if (rows.capacity() > kKeptRowFloats) rows.release();
}

}  // namespace

Enabled Pipeline::present(const Enabled& enabled) const {
  return {enabled.tagger && parts_.xpos,
          enabled.morphologizer && parts_.upos,
          enabled.lemmatizer && parts_.lemmatizer,
          enabled.senter && parts_.senter,
          enabled.parser && parts_.parser.annotator,
          enabled.ner && parts_.ner.annotator};
}

void Pipeline::annotate(Doc& doc, State& state, const Enabled& enabled, Evidence* evidence) const {
  const Enabled wanted = present(enabled);
  if (doc.size() == 0 || !wanted.any()) return;
  const TokenVectors vectors{parts_.encoder->encode(doc, state.encoder_), parts_.encoder->stride(), doc.size()};
  annotate_from({vectors}, doc, state, wanted, evidence);
}

void Pipeline::annotate_given(const Given& given, Doc& doc, State& state, const Enabled& enabled) const {
  if (doc.size() > 0) annotate_from(given, doc, state, present(enabled), nullptr);
}

// wanted: all of them present.
void Pipeline::annotate_from(const Given& given, Doc& doc, State& state, const Enabled& wanted,
                             Evidence* evidence) const {
  if ((wanted.senter || wanted.parser) && !doc.iob.empty()) keep_entities_whole(doc);
  const TokenVectors& vectors = given.vectors;
  if (wanted.tagger) parts_.xpos->annotate(vectors, state.tagger_, doc.xpos);
  if (wanted.morphologizer) {
    parts_.upos->annotate(vectors, state.tagger_, doc.upos);
    parts_.feats->annotate(vectors, state.tagger_, doc.feats);
  }
  if (wanted.lemmatizer) parts_.lemmatizer->annotate(vectors, state.tagger_, doc);
  if (wanted.senter) parts_.senter->annotate(doc, vectors, wanted.parser, state.senter_);
  if (wanted.parser) walk(parts_.parser, vectors, given.parser_rows, state.rows_, state.parser_, doc, evidence);
  if (wanted.ner) walk(parts_.ner, vectors, given.ner_rows, state.rows_, state.ner_, doc, evidence);
}

Doc Pipeline::annotate(std::string_view text, State& state, const Enabled& enabled) const {
  Doc doc;
  tokenize(text, state, doc);
  annotate(doc, state, enabled);
  return doc;
}

}  // namespace treelet
