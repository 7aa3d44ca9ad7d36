// Lower-layer rows of a run of words -> heads, relations and sentence starts, by greedy arc-eager parsing.
#pragma once

#include <memory>

#include "annotators/state_scorer.h"
#include "doc/doc.h"
#include "transitions/arc_eager.h"
#include "transitions/projectivize.h"
#include "transitions/state_features.h"

namespace treelet {

class Parser {
 public:
  // Scratch of one thread.
  struct State {
    ParseState parse;
    StateScorer scorer;
    std::vector<SentStart> presets;
  };

  // Throws Error(settings) when the layers do not fit the system and its features.
  Parser(ArcEager system, ParseFeatures features, const StateLayers& layers,
         LiftScheme scheme = LiftScheme::head);

  const ArcEager& system() const { return system_; }
  const ParseFeatures& features() const { return features_; }
  const std::shared_ptr<const LabelSet>& labels() const { return labels_; }  // "root" and undecorated labels

  // rows: (n_words, layers.row_size()) of the words from first_word on. Sets head (absolute), deprel and
  // sent_start of those words: sent_start comes out 1 or -1; what it held counts as preset, save that the
  // first word always starts a sentence. Throws Error(text) for words outside the document, Error(package)
  // for scores that are not finite (the document is unchanged).
  void annotate(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state) const;

 private:
  void write(Doc& doc, size_t first_word, const ParseState& parse) const;
  void write_restored(Doc& doc, size_t first_word, const ParseState& parse) const;

  ArcEager system_;
  ParseFeatures features_;
  StateLayers layers_;
  LiftScheme scheme_;
  std::shared_ptr<const LabelSet> labels_;
  std::vector<Label> plain_;        // system label -> labels(), undecorated
  std::vector<uint8_t> decorated_;  // system label holds a trace of lifting
};

}  // namespace treelet
