#include "annotators/senter.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"

namespace treelet {

namespace {

constexpr float kCertain = std::numeric_limits<float>::infinity();
constexpr size_t kBlock = 64;  // words: their hidden units stay in the first cache

float log_odds_of(float probability) {
  if (probability >= 1.0f) return kCertain;
  if (probability <= 0.0f) return -kCertain;
  return std::log(probability / (1.0f - probability));
}

void check_settings(const SenterSettings& settings) {
  const auto check = [](const char* name, float value, float low, float high) {
    if (value >= low && value <= high) return;
    throw Error(ErrorKind::settings, std::string("senter.") + name + ": found " + std::to_string(value) +
                                         ", expected " + std::to_string(low) + " to " + std::to_string(high));
  };
  check("hidden", float(settings.hidden), 1.0f, 1024.0f);
  check("pieces", float(settings.pieces), 1.0f, 8.0f);
  check("start_above", settings.start_above, 0.5f, 1.0f);
  check("join_below", settings.join_below, 0.0f, 0.5f);
}

}  // namespace

Senter::Senter(const Weights& weights, int width, const SenterSettings& settings)
    : width_(width), settings_(settings) {
  check_settings(settings);
  const int wide = settings.hidden * settings.pieces;
  layer_ = Affine(weights, "senter", wide, 2 * width);
  gaps_ = weights.get("senter.gaps", {gap_row_count(), 1 + wide});
  upper_ = weights.get("senter.upper", {1 + settings.hidden});
  start_odds_ = log_odds_of(settings.start_above);
  join_odds_ = log_odds_of(settings.join_below);
}

// Few kinds of gap make up most of a text, so that their sums are kept.
const float* Senter::gap_terms(const GapRows& rows, State& state) const {
  const size_t size = size_t(1 + layer_.outputs());
  const auto place = (size_t(rows[3]) * 5 + size_t(rows[5]) * 31 + size_t(rows[0] + 1)) % kKnownGaps;
  float* terms = state.terms.data() + place * size;
  if (state.known[place] == rows) return terms;
  state.known[place] = rows;
  std::fill_n(terms, size, 0.0f);
  for (const int32_t row : rows) {
    if (row == kNoRow) continue;
    for (size_t k = 0; k < size; ++k) terms[k] += gaps_[size_t(row) * size + k];
  }
  return terms;
}

float Senter::log_odds(const float* terms, float* hidden) const {
  const auto units = size_t(settings_.hidden), wide = size_t(layer_.outputs());
  for (size_t k = 0; k < wide; ++k) hidden[k] += terms[1 + k];
  for (const float* piece = hidden + units; piece < hidden + wide; piece += units)
    for (size_t h = 0; h < units; ++h) hidden[h] = std::max(hidden[h], piece[h]);
  float odds = upper_[0] + terms[0];
  for (size_t h = 0; h < units; ++h) odds += upper_[1 + h] * hidden[h];
  return odds;
}

void Senter::score(const Doc& doc, const TokenVectors& vectors, State& state) const {
  const size_t n = vectors.n, wide = size_t(layer_.outputs());
  state.log_odds.resize(n);
  if (n == 0) return;
  state.hidden.grow(kBlock * wide);
  if (state.known.empty()) {
    GapRows none;
    none.fill(kNoRow);  // no gap has these rows alone
    state.known.assign(kKnownGaps, none);
    state.terms.grow(kKnownGaps * (1 + wide));
  }
  read_gap_words(doc, {vectors.first, vectors.first + n}, state.words);
  state.log_odds[0] = kCertain;
  for (size_t begin = 1; begin < n; begin += kBlock) {
    const size_t end = std::min(begin + kBlock, n);
    const RowsView pairs{vectors.data + (begin - 1) * vectors.stride, vectors.stride, vectors.stride, 2, width_};
    layer_.apply(pairs, end - begin, state.hidden.data(), wide);
    for (size_t i = begin; i < end; ++i) {
      const size_t word = vectors.first + i;
      const bool inside = doc.part[word] == TokenPart::later;
      float* hidden = state.hidden.data() + (i - begin) * wide;
      state.log_odds[i] =
          inside ? -kCertain : log_odds(gap_terms(gap_rows(doc, state.words, word), state), hidden);
    }
  }
}

void Senter::annotate(Doc& doc, const TokenVectors& vectors, bool parser_follows, State& state) const {
  if (doc.sent_start.empty()) doc.sent_start.assign(doc.size(), 0);
  SentStart* starts = doc.sent_start.data() + vectors.first;
  if (std::find(starts, starts + vectors.n, SentStart(0)) == starts + vectors.n) return;
  score(doc, vectors, state);
  const float start = parser_follows ? start_odds_ : 0.0f, join = parser_follows ? join_odds_ : 0.0f;
  for (size_t i = 0; i < vectors.n; ++i) {
    if (starts[i] != 0) continue;
    const float odds = state.log_odds[i];
    if (odds >= start) starts[i] = 1;
    else if (!(odds >= join) || odds == -kCertain) starts[i] = -1;
  }
}

}  // namespace treelet
