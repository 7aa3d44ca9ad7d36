#include "pipeline/pipeline.h"

#include "doc/entities.h"
#include "pipeline/segments.h"

namespace treelet {

namespace {

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

constexpr size_t kGroupWords = 64;  // walked at a time where that changes nothing: their rows stay in the cache

// Where the walk that begins with words.begin may end.
size_t group_end(const Parser& parser, const Doc& doc, WordRange words, bool starts_known) {
  return starts_known && parser.walks_sentences_apart() ? sentences_end(doc, words, kGroupWords) : words.end;
}

size_t group_end(const EntityRecognizer&, const Doc&, WordRange words, bool) { return words.end; }

template <class Annotator>
void walk(const Walker<Annotator>& walker, const TokenVectors& vectors, AlignedFloats& rows,
          typename Annotator::State& state, Doc& doc, Evidence* evidence) {
  const size_t row_size = size_t(walker.network->layers().row_size()), last = vectors.first + vectors.n;
  const bool starts_known = starts_are_known(doc, {vectors.first, last});
  for (size_t begin = vectors.first; begin < last;) {
    const size_t end = group_end(*walker.annotator, doc, {begin, last}, starts_known), n = end - begin;
    rows.grow(n * row_size);
    walker.network->lower(vectors.data + (begin - vectors.first) * vectors.stride, vectors.stride, n, rows.data());
    walker.annotator->annotate(doc, rows.data(), begin, n, state);
    if (evidence) collect(state, begin, *evidence);
    begin = end;
  }
}

}  // namespace

// What a call asks for and the pipeline has.
Enabled Pipeline::present(const Enabled& enabled) const {
  return {.tagger = enabled.tagger && parts_.xpos,
          .morphologizer = enabled.morphologizer && parts_.upos,
          .lemmatizer = enabled.lemmatizer && parts_.lemmatizer,
          .senter = enabled.senter && parts_.senter,
          .parser = enabled.parser && parts_.parser.annotator,
          .ner = enabled.ner && parts_.ner.annotator};
}

void Pipeline::annotate(Doc& doc, State& state, const Enabled& enabled, Evidence* evidence) const {
  const Enabled wanted = present(enabled);
  if (doc.size() == 0 || wanted == Enabled::none()) return;
  if ((wanted.senter || wanted.parser) && !doc.iob.empty()) keep_entities_whole(doc);
  const std::vector<size_t> ends = segment_ends(doc);  // before any annotator moves a sentence start
  if (wanted.tagger) parts_.xpos->start(doc.size(), doc.xpos);
  if (wanted.morphologizer) {
    parts_.upos->start(doc.size(), doc.upos);
    parts_.feats->start(doc.size(), doc.feats);
  }
  if (wanted.lemmatizer) doc.lemma = StringColumn();
  size_t begin = 0;
  for (const size_t end : ends) {
    annotate_segment(doc, {begin, end}, state, wanted, evidence);
    begin = end;
  }
}

TokenVectors Pipeline::encode(const Doc& doc, WordRange words, State& state) const {
  const float* vectors = parts_.encoder->encode(doc, words, state.encoder_);
  return {vectors, parts_.encoder->stride(), words.begin, words.size()};
}

void Pipeline::annotate_segment(Doc& doc, WordRange words, State& state, const Enabled& wanted,
                                Evidence* evidence) const {
  const TokenVectors vectors = encode(doc, words, state);
  if (wanted.tagger) parts_.xpos->annotate(vectors, state.tagger_, doc.xpos);
  if (wanted.morphologizer) {
    parts_.upos->annotate(vectors, state.tagger_, doc.upos);
    parts_.feats->annotate(vectors, state.tagger_, doc.feats);
  }
  if (wanted.lemmatizer) parts_.lemmatizer->annotate(vectors, state.tagger_, doc);
  if (wanted.senter) parts_.senter->annotate(doc, vectors, wanted.parser, state.senter_);
  if (wanted.parser) walk(parts_.parser, vectors, state.rows_, state.parser_, doc, evidence);
  if (wanted.ner) walk(parts_.ner, vectors, state.rows_, state.ner_, doc, evidence);
}

Doc Pipeline::annotate(std::string_view text, State& state, const Enabled& enabled) const {
  Doc doc;
  tokenize(text, state, doc);
  annotate(doc, state, enabled);
  return doc;
}

}  // namespace treelet
