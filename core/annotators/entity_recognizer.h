// Lower-layer rows of a run of words -> named entities, by BILUO recognition, greedy or with a beam.
#pragma once

#include <memory>

#include "annotators/beam_systems.h"
#include "annotators/entity_confidence.h"
#include "annotators/entity_penalties.h"
#include "annotators/state_scorer.h"
#include "annotators/trace.h"
#include "doc/doc.h"
#include "transitions/entity_moves.h"
#include "transitions/state_features.h"

namespace treelet {

class EntityRecognizer {
 public:
  // Scratch of one thread.
  struct State {
    EntityState entities;
    StateScorer scorer;
    EntityConfidence confidence;
    std::vector<Iob> iob;
    std::vector<int32_t> labels;
    std::vector<uint8_t> blank;
    EntityPenalties::State allowed;
    BeamSearch<EntityBeam> beam;
  };

  // beam_width and errors: as of Parser.
  EntityRecognizer(EntityMoves system, EntityFeatures features, const StateLayers& layers, int beam_width = 1);

  // As in Parser.
  void calibrate(const EntityCalibration& calibration) { calibration_ = calibration; }

  const EntityMoves& system() const { return system_; }
  const EntityFeatures& features() const { return features_; }
  const std::shared_ptr<const LabelSet>& labels() const { return labels_; }

  // rows: (n_words, layers.row_size()) of the words from first_word on. Sets iob and ent_type of those words, and the
  // probabilities of entities that were not preset.
  // What the columns held counts as preset and stays; entities do not reach over known sentence starts.
  // Throws Error(text) for words outside the document, Error(package) for scores that are not finite (the
  // document is unchanged).
  void annotate(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state) const;

  // The same, keeping every step, with at most `most` alternatives each.
  std::vector<TracedStep> trace(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state,
                                size_t most) const;

 private:
  // observe(action, state): called before each step.
  template <class Observe>
  void walk(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state, Observe observe) const;
  // The blank words, null where there are none.
  const uint8_t* find_blank(const Doc& doc, size_t first_word, size_t n_words, State& state) const;
  // False where nothing is preset.
  bool read_presets(const Doc& doc, size_t first_word, size_t n_words, State& state) const;
  void write_probabilities(Doc& doc, size_t first_word, State& state) const;
  void write(Doc& doc, size_t first_word, const EntityState& entities) const;

  EntityMoves system_;
  EntityFeatures features_;
  StateLayers layers_;
  EntityPenalties penalties_;
  int beam_width_;
  EntityCalibration calibration_;
  std::shared_ptr<const LabelSet> labels_;
};

}  // namespace treelet
