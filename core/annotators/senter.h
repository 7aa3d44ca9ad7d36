// Token vectors and the gaps between words in, sentence starts out: decided, or where it is sure, as presets for
// the parser.
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
  float start_above = 0.5f;  // a probability from which a sentence must start; 1 = never
  float join_below = 0.5f;   // a probability below which it must not; 0 = never
};

class Senter {
 public:
  // Scratch of one thread.
  struct State {
    AlignedFloats hidden;         // (block, pieces · hidden)
    GapWords words;
    std::vector<GapRows> known;   // (kKnownGaps) gaps met before, by hash
    AlignedFloats terms;          // (kKnownGaps, 1 + pieces · hidden) the sums of their rows
    std::vector<float> log_odds;  // (words): of a start at each; infinite where there is no doubt: at the first and
                                  // inside a multi-word token
  };

  // From `senter.weight` (pieces · hidden, 2 · width) and `.bias` (pieces · hidden), piece-major, `.gaps`
  // (gap_row_count(), 1 + pieces · hidden), the direct term first, `.upper` (1 + hidden), c first.
  // Throws Error(package) when they do not fit, Error(settings) for values out of range.
  Senter(const Weights& weights, int width, const SenterSettings& settings);

  void score(const Doc& doc, const TokenVectors& vectors, State& state) const;
  // Sets the sent_start of those words where it is 0, as if they were a document of their own: all of them at even odds when no parser follows, else those beyond
  // the thresholds; the parser's Break decides the rest.
  void annotate(Doc& doc, const TokenVectors& vectors, bool parser_follows, State& state) const;

 private:
  static constexpr size_t kKnownGaps = 128;

  const float* gap_terms(const GapRows& rows, State& state) const;
  float log_odds(const float* terms, float* hidden) const;  // hidden: (pieces · hidden), overwritten

  int width_;
  SenterSettings settings_;
  Affine layer_;
  std::vector<float> gaps_, upper_;
  float start_odds_, join_odds_;  // the thresholds as log-odds
};

}  // namespace treelet
