// Lower-layer rows of a run of words -> heads, relations and sentence starts, by arc-eager parsing, greedy or
// with a beam.
#pragma once

#include <memory>

#include "annotators/beam_systems.h"
#include "annotators/head_confidence.h"
#include "annotators/move_penalties.h"
#include "annotators/state_scorer.h"
#include "annotators/trace.h"
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
    HeadConfidence confidence;
    std::vector<SentStart> presets;
    BeamSearch<ParserBeam> beam;
  };

  // beam_width 1 is greedy. Throws Error(settings) when the layers do not fit the system and its features, or
  // for a width below 1 or above kMostBeamWidth.
  Parser(ArcEager system, ParseFeatures features, const StateLayers& layers,
         int beam_width = 1, LiftScheme scheme = LiftScheme::head);

  // How what a walk knows becomes the probabilities it writes; without it, they are the walk's own.
  void calibrate(const HeadCalibration& calibration) { calibration_ = calibration; }

  const ArcEager& system() const { return system_; }
  const ParseFeatures& features() const { return features_; }
  // Whether sentences whose starts are all known come out the same when walked one by one; a beam weighs them together.
  bool walks_sentences_apart() const { return beam_width_ == 1; }
  const std::shared_ptr<const LabelSet>& labels() const { return labels_; }  // "root" and undecorated labels

  // rows: (n_words, layers.row_size()) of the words from first_word on. Sets head (absolute), deprel and
  // sent_start of those words, and the probabilities of head and deprel: sent_start comes out 1 or -1; what it held counts as preset, save that the
  // first word always starts a sentence. Throws Error(text) for words outside the document, Error(package)
  // for scores that are not finite (the document is unchanged).
  void annotate(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state) const;

  // The same, keeping every step, with at most `most` alternatives each.
  std::vector<TracedStep> trace(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state,
                                size_t most) const;

 private:
  // observe(moves, action, state): called before each step.
  template <class Observe>
  void walk(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state, Observe observe) const;
  const ParseState& search(const float* rows, State& state) const;  // within the sentences of state.parse
  void write(Doc& doc, size_t first_word, const ParseState& parse) const;
  void write_probabilities(Doc& doc, size_t first_word, const ParseState& chosen, State& state) const;
  void write_restored(Doc& doc, size_t first_word, const ParseState& parse) const;

  ArcEager system_;
  ParseFeatures features_;
  StateLayers layers_;
  MovePenalties penalties_;
  int beam_width_;
  LiftScheme scheme_;
  HeadCalibration calibration_;
  std::shared_ptr<const LabelSet> labels_;
  std::vector<Label> plain_;        // system label -> labels(), undecorated
  std::vector<uint8_t> decorated_;  // system label holds a trace of lifting
};

}  // namespace treelet
