// Text in, annotated documents out: tokenizer, encoder, then every annotator on the same token vectors.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "annotators/entity_recognizer.h"
#include "annotators/lemmatizer.h"
#include "annotators/parser.h"
#include "annotators/senter.h"
#include "annotators/tagger.h"
#include "encoder/encoder.h"
#include "network/state_network.h"
#include "text/tokenizer.h"

namespace treelet {

// A transition system's annotator and the network that it borrows.
template <class Annotator>
struct Walker {
  std::unique_ptr<const StateNetwork> network;
  std::unique_ptr<const Annotator> annotator;
};

// What a pipeline is made of; an annotator that is absent writes nothing.
struct PipelineParts {
  std::shared_ptr<const Tokenizer> tokenizer;
  std::unique_ptr<const Encoder> encoder;
  std::optional<Tagger> xpos, upos, feats;
  std::optional<Lemmatizer> lemmatizer;
  std::optional<Senter> senter;
  Walker<Parser> parser;
  Walker<EntityRecognizer> ner;
};

// What the walks knew of a document's words and of its entities, as numbered in the document: what a
// calibration is fitted to.
struct Evidence {
  std::vector<HeadEvidence> heads;
  std::vector<FoundEntity> entities;
};

// Annotators wanted in one call.
struct Enabled {
  bool tagger = true, morphologizer = true, lemmatizer = true, senter = true, parser = true, ner = true;

  static Enabled none() { return {false, false, false, false, false, false}; }
  bool operator==(const Enabled&) const = default;
};

// Constant once made; any number of threads may annotate, each with a State of its own.
class Pipeline {
 public:
  // Scratch of one thread. Never changes a result.
  class State {
    friend class Pipeline;
    Tokenizer::State tokenizer_;
    Encoder::State encoder_;
    TaggerState tagger_;
    Senter::State senter_;
    AlignedFloats rows_;
    Parser::State parser_;
    EntityRecognizer::State ner_;
  };

  // `parts` needs a tokenizer and an encoder.
  explicit Pipeline(PipelineParts parts) : parts_(std::move(parts)) {}

  void tokenize(std::string_view text, State& state, Doc& doc) const {
    parts_.tokenizer->tokenize(text, state.tokenizer_, doc);
  }
  // Words are given; sentence starts and entities that are set are kept. A long document is annotated segment by
  // segment (segments.h), in scratch that a segment bounds. `evidence` takes what the walks knew.
  void annotate(Doc& doc, State& state, const Enabled& enabled, Evidence* evidence = nullptr) const;
  Doc annotate(std::string_view text, State& state, const Enabled& enabled) const;
  // The steps of the parser or the recognizer over a document whose words are given, which it annotates as the
  // same annotator of annotate() would; the recognizer's in a document with a tree takes sentence starts for the
  // parser's, where segments are concerned. Throws Error(settings) when the pipeline has none.
  std::vector<TracedSegment> trace_parser(Doc& doc, State& state, size_t most) const;
  std::vector<TracedSegment> trace_ner(Doc& doc, State& state, size_t most) const;

 private:
  Enabled present(const Enabled& enabled) const;
  TokenVectors encode(const Doc& doc, WordRange words, State& state) const;
  void annotate_segment(Doc& doc, WordRange words, State& state, const Enabled& wanted, Evidence* evidence) const;

  PipelineParts parts_;
};

}  // namespace treelet
