#include "annotators/parser.h"

#include <algorithm>

namespace treelet {

Parser::Parser(ArcEager system, ParseFeatures features, const StateLayers& layers, int beam_width,
               LiftScheme scheme)
    : system_(std::move(system)),
      features_(std::move(features)),
      layers_(layers),
      penalties_(system_),
      beam_width_(checked_beam_width(beam_width, "parser")),
      scheme_(scheme) {
  check_layers(layers_, features_.size(), system_.n_actions(), "parser");
  auto labels = std::make_shared<LabelSet>();
  labels->add("root");
  for (const auto& label : system_.labels()) {
    plain_.push_back(labels->add(undecorated(label)));
    decorated_.push_back(is_decorated(label));
  }
  labels_ = labels;
}

template <class Observe>
void Parser::walk(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state,
                  Observe observe) const {
  if (first_word > doc.size() || n_words > doc.size() - first_word) {
    throw Error(ErrorKind::text, "parser: found words " + std::to_string(first_word) + " to " +
                                     std::to_string(first_word + n_words) + ", expected words below " +
                                     std::to_string(doc.size()));
  }
  state.presets.assign(n_words, 0);
  if (!doc.sent_start.empty())
    std::copy_n(doc.sent_start.begin() + int64_t(first_word), n_words, state.presets.begin());
  ParseState& parse = state.parse;
  parse.reset(int32_t(n_words), state.presets.data());
  state.scorer.fit(layers_);
  state.confidence.reset(int32_t(n_words));
  while (!parse.is_final()) {
    const uint8_t moves = system_.valid_moves(parse);
    int32_t action = system_.first_valid(moves);
    const float* scores = nullptr;
    if (system_.count_valid(moves) > 1) {
      features_.extract(parse, state.scorer.words.data());
      action = state.scorer.choose(layers_, rows, penalties_.of(moves), ErrorKind::package);
      scores = state.scorer.scores.data();
    }
    observe(moves, action, state);
    state.confidence.observe(system_, {moves, action, scores}, parse);
    system_.apply(action, parse);
  }
  const ParseState& chosen = beam_width_ == 1 ? parse : search(rows, state);
  write(doc, first_word, chosen);
  write_probabilities(doc, first_word, chosen, state);
}

// Beams find better trees than greedy walks, but no better sentences (docs/beam.md): those stay.
const ParseState& Parser::search(const float* rows, State& state) const {
  const ParserBeam system{system_, features_};
  state.beam.start(layers_, beam_width_).reset(state.parse.n_words, state.parse.start.data());
  state.beam.run(system, layers_, rows, ErrorKind::package);
  return state.beam.best();
}

void Parser::annotate(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state) const {
  walk(doc, rows, first_word, n_words, state, [](uint8_t, int32_t, const State&) {});
}

std::vector<TracedStep> Parser::trace(Doc& doc, const float* rows, size_t first_word, size_t n_words,
                                      State& state, size_t most) const {
  if (beam_width_ > 1)
    throw Error(ErrorKind::settings, "parser: a trace shows greedy steps, found beam_width " + std::to_string(beam_width_) +
                                         "; load the pipeline with beam_width 1");
  std::vector<TracedStep> steps;
  std::vector<uint8_t> allowed(size_t(system_.n_actions()));
  walk(doc, rows, first_word, n_words, state, [&](uint8_t moves, int32_t action, const State& at) {
    system_.mark_valid(moves, allowed.data());
    steps.push_back(trace_step(action, allowed, at.scorer.scores, most));
  });
  return steps;
}

void Parser::write(Doc& doc, size_t first_word, const ParseState& parse) const {
  const size_t n = doc.size();
  if (doc.head.empty()) doc.head.assign(n, kMissing);
  if (doc.sent_start.empty()) doc.sent_start.assign(n, 0);
  if (doc.deprel.labels != labels_ || doc.deprel.empty()) {
    doc.deprel.assign(labels_, std::vector<Label>(n, kMissing));
  }
  bool lifted = false;
  for (int32_t i = 0; i < parse.n_words; ++i) {
    const size_t word = first_word + size_t(i);
    const int32_t head = parse.head[size_t(i)], label = parse.label[size_t(i)];
    doc.head[word] = int32_t(first_word) + (head < 0 ? i : head);
    doc.deprel.ids[word] = head < 0 ? 0 : plain_[size_t(label)];
    doc.sent_start[word] = parse.start[size_t(i)];
    lifted |= head >= 0 && decorated_[size_t(label)];
  }
  if (lifted) write_restored(doc, first_word, parse);
}

// What the greedy walk knew of arcs that a beam chose too; of others nothing is known.
void Parser::write_probabilities(Doc& doc, size_t first_word, const ParseState& chosen, State& state) const {
  for (auto* column : {&doc.head_probability, &doc.deprel_probability})
    if (column->empty()) column->assign(doc.size(), kUnknownProbability);
  size_t word = first_word;
  for (const HeadEvidence& evidence : state.confidence.finish(state.parse)) {
    const size_t i = word - first_word;
    const bool same = chosen.head[i] == state.parse.head[i] && chosen.label[i] == state.parse.label[i];
    const float head = same ? calibration_.head_probability(evidence) : kUnknownProbability;
    doc.head_probability[word] = head;
    doc.deprel_probability[word] = head * calibration_.label_probability(evidence);
    ++word;
  }
}

void Parser::write_restored(Doc& doc, size_t first_word, const ParseState& parse) const {
  LabelledTree tree;
  for (int32_t i = 0; i < parse.n_words; ++i) {
    const int32_t head = parse.head[size_t(i)];
    tree.heads.push_back(head < 0 ? i : head);
    tree.deprels.push_back(head < 0 ? "root" : system_.labels()[size_t(parse.label[size_t(i)])]);
  }
  tree = deprojectivize(tree, scheme_);
  for (size_t i = 0; i < tree.heads.size(); ++i)
    doc.head[first_word + i] = int32_t(first_word) + tree.heads[i];
}

}  // namespace treelet
