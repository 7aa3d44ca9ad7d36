// Token vectors and the gaps between words in, sentence starts out: decided, or as presets and log-odds for the
// parser's Break.
//
// The log-odds that a sentence starts at word i, with G the rows of the gap before it (features/gap_features.h), each of
// them a direct term g and a vector h:
//   c + Σ g + upper · max over pieces p of (W_p [x(i-1); x(i)] + b_p + Σ h_p)
#pragma once

#include <vector>

#include "annotators/tagger.h"
#include "doc/doc.h"
#include "features/gap_features.h"

namespace treelet {

struct SenterSettings {
  int hidden = 16, pieces = 2;
  float start_above = 1.0f;  // a probability from which a sentence must start; 1 = never
  float join_below = 0.0f;   // a probability below which it must not; 0 = never
  float prior = 0.0f;        // weight of the log-odds in the score of the parser's Break
};

class Senter {
 public:
  // Scratch of one thread.
  struct State {
    AlignedFloats hidden;            // (block, pieces · hidden)
    GapWords words;
    std::vector<float> log_odds;     // (words): of a start at each; infinite where there is no doubt: at word 0 and
                                     // inside a multi-word token
    std::vector<float> break_prior;  // (words) the log-odds times their weight, or empty
  };

  // From `senter.weight` (pieces · hidden, 2 · width) and `.bias` (pieces · hidden), piece-major, `.gaps`
  // (gap_row_count(), 1 + pieces · hidden), the direct term first, `.upper` (1 + hidden), c first.
  // Throws Error(package) when they do not fit, Error(settings) for values out of range.
  Senter(const Weights& weights, int width, const SenterSettings& settings);

  void score(const Doc& doc, const TokenVectors& vectors, State& state) const;
  // Sets the sent_start of words where it is 0: all of them at even odds when no parser follows, else those beyond
  // the thresholds, and fills state.break_prior.
  void annotate(Doc& doc, const TokenVectors& vectors, bool parser_follows, State& state) const;

 private:
  float gap_log_odds(const GapRows& rows, float* hidden) const;  // hidden: (pieces · hidden), overwritten

  int width_;
  SenterSettings settings_;
  Affine layer_;
  std::vector<float> gaps_, upper_;
  float start_odds_, join_odds_;  // the thresholds as log-odds
};

}  // namespace treelet
