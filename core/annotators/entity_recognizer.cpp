#include "annotators/entity_recognizer.h"

#include <algorithm>

#include "doc/entities.h"

namespace treelet {

namespace {

bool in_entity(Iob iob) { return iob == Iob::begin || iob == Iob::inside; }

}  // namespace

EntityRecognizer::EntityRecognizer(EntityMoves system, EntityFeatures features, const StateLayers& layers,
                                   int beam_width)
    : system_(std::move(system)),
      features_(std::move(features)),
      layers_(layers),
      penalties_(system_),
      beam_width_(checked_beam_width(beam_width, "ner")),
      labels_(std::make_shared<LabelSet>(system_.labels())) {
  check_layers(layers_, features_.size(), system_.n_actions(), "ner");
}

// Preset entities with a label of their own cannot be walked: they are walked as outside, and stay as they
// are in the columns.
bool EntityRecognizer::read_presets(const Doc& doc, size_t first_word, size_t n_words, State& state) const {
  const auto given = doc.iob.begin() + (doc.iob.empty() ? 0 : int64_t(first_word));
  const auto missing = [](Iob iob) { return iob == Iob::missing; };
  if (doc.iob.empty() || std::all_of(given, given + int64_t(n_words), missing)) return false;
  state.iob.assign(n_words, Iob::missing);
  state.labels.assign(n_words, kNone);
  for (size_t i = 0; i < n_words; ++i) {
    const size_t word = first_word + i;
    const Iob iob = doc.iob[word];
    const bool labelled = doc.ent_type.is_set(word);
    const Label label = labelled ? labels_->find(doc.ent_type.get(word)) : kMissing;
    const bool foreign = in_entity(iob) && (labelled ? label == kMissing : system_.labels().empty());
    state.iob[i] = foreign ? Iob::outside : iob;
    state.labels[i] = label;
  }
  return true;
}

const uint8_t* EntityRecognizer::find_blank(const Doc& doc, size_t first_word, size_t n_words,
                                            State& state) const {
  state.blank.clear();
  for (size_t i = 0; i < n_words; ++i) {
    if (!is_blank(doc, first_word + i)) continue;
    state.blank.resize(n_words);
    state.blank[i] = 1;
  }
  return state.blank.empty() ? nullptr : state.blank.data();
}

template <class Observe>
void EntityRecognizer::walk(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state,
                            Observe observe) const {
  if (first_word > doc.size() || n_words > doc.size() - first_word) {
    throw Error(ErrorKind::text, "ner: found words " + std::to_string(first_word) + " to " +
                                     std::to_string(first_word + n_words) + ", expected words below " +
                                     std::to_string(doc.size()));
  }
  const SentStart* starts = doc.sent_start.empty() ? nullptr : doc.sent_start.data() + first_word;
  const uint8_t* blank = find_blank(doc, first_word, n_words, state);
  EntityPresets presets{nullptr, nullptr, starts, blank};
  if (read_presets(doc, first_word, n_words, state)) {
    presets.iob = state.iob.data();
    presets.labels = state.labels.data();
  }
  if (beam_width_ > 1) {
    const EntityBeam system{system_, features_};
    state.beam.start(layers_, beam_width_).reset(int32_t(n_words), presets);
    state.beam.run(system, layers_, rows, ErrorKind::package);
    doc.ent_probability.clear();  // calibration is of greedy walks
    return write(doc, first_word, state.beam.best());
  }
  EntityState& entities = state.entities;
  entities.reset(int32_t(n_words), presets);
  state.scorer.fit(layers_);
  state.confidence.reset(int32_t(n_words));
  while (!entities.is_final()) {
    auto [action, penalties] = penalties_.find(system_, entities, state.allowed);
    if (penalties) {
      features_.extract(entities, state.scorer.words.data());
      action = state.scorer.choose(layers_, rows, penalties, ErrorKind::package);
      state.confidence.observe(action, penalties, state.scorer.scores, entities);
    }
    observe(action, state);
    system_.apply(action, entities);
  }
  write(doc, first_word, entities);
  write_probabilities(doc, first_word, state);
}

void EntityRecognizer::annotate(Doc& doc, const float* rows, size_t first_word, size_t n_words,
                                State& state) const {
  walk(doc, rows, first_word, n_words, state, [](int32_t, const State&) {});
}

std::vector<TracedStep> EntityRecognizer::trace(Doc& doc, const float* rows, size_t first_word, size_t n_words,
                                                State& state, size_t most) const {
  if (beam_width_ > 1)
    throw Error(ErrorKind::settings, "ner: a trace shows greedy steps, found beam_width " + std::to_string(beam_width_) +
                                         "; load the pipeline with beam_width 1");
  std::vector<TracedStep> steps;
  std::vector<uint8_t> valid(size_t(system_.n_actions()));
  walk(doc, rows, first_word, n_words, state, [&](int32_t action, const State& at) {
    system_.mark_valid(at.entities, valid.data());
    steps.push_back(trace_step(action, valid, at.scorer.scores, most));
  });
  return steps;
}

void EntityRecognizer::write(Doc& doc, size_t first_word, const EntityState& entities) const {
  const size_t n = doc.size();
  if (doc.iob.empty()) doc.iob.assign(n, Iob::missing);
  if (doc.ent_type.empty()) doc.ent_type.assign(labels_, std::vector<Label>(n, kMissing));
  for (size_t i = 0; i < size_t(entities.n_words); ++i) {
    const size_t word = first_word + i;
    const Label label = entities.label[i];
    if (in_entity(doc.iob[word]) && label == kMissing) continue;  // a preset entity with a label of its own
    doc.iob[word] = entities.iob[i];
    if (label == kMissing) doc.ent_type.clear(word);
    else if (doc.ent_type.labels == labels_) doc.ent_type.ids[word] = label;
    else doc.ent_type.set(word, n, labels_->name(label));
  }
}

void EntityRecognizer::write_probabilities(Doc& doc, size_t first_word, State& state) const {
  auto& column = doc.ent_probability;
  if (column.empty()) column.assign(doc.size(), kUnknownProbability);
  std::fill_n(column.begin() + int64_t(first_word), state.entities.n_words, kUnknownProbability);
  for (const auto& [first, last, evidence] : state.confidence.finish(state.entities)) {
    const float probability = calibration_.probability(evidence);
    std::fill(column.begin() + int64_t(first_word) + first, column.begin() + int64_t(first_word) + last + 1,
              probability);
  }
}

}  // namespace treelet
