#include "annotators/parser.h"

#include <algorithm>

namespace treelet {

Parser::Parser(ArcEager system, ParseFeatures features, const StateLayers& layers, int beam_width,
               LiftScheme scheme)
    : system_(std::move(system)),
      features_(std::move(features)),
      layers_(layers),
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

void Parser::annotate(Doc& doc, const float* rows, size_t first_word, size_t n_words, State& state) const {
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
  while (!parse.is_final()) {
    const uint8_t moves = system_.valid_moves(parse);
    int32_t action = system_.first_valid(moves);
    if (system_.count_valid(moves) > 1) {
      features_.extract(parse, state.scorer.words.data());
      state.scorer.score(layers_, rows, ErrorKind::package);
      action = system_.best(moves, state.scorer.scores.data());
    }
    system_.apply(action, parse);
  }
  write(doc, first_word, beam_width_ == 1 ? parse : search(rows, state));
}

// Beams find better trees than greedy walks, but no better sentences (docs/beam.md): those stay.
const ParseState& Parser::search(const float* rows, State& state) const {
  const ParserBeam system{system_, features_};
  state.beam.start(layers_, beam_width_).reset(state.parse.n_words, state.parse.start.data());
  state.beam.run(system, layers_, rows, ErrorKind::package);
  return state.beam.best();
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
