#include "annotators/senter.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"

namespace treelet {

namespace {

constexpr float kCertain = std::numeric_limits<float>::infinity();
constexpr float kMostOdds = 1e4f;  // keeps a sum with a score finite
constexpr size_t kBlock = 64;      // words: their hidden units stay in the first cache

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
  check("prior", settings.prior, 0.0f, 100.0f);
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

float Senter::gap_log_odds(const GapRows& rows, float* hidden) const {
  const auto units = size_t(settings_.hidden), wide = units * size_t(settings_.pieces);
  float odds = upper_[0];
  for (const int32_t row : rows) {
    if (row == kNoRow) continue;
    const float* terms = gaps_.data() + size_t(row) * (1 + wide);
    odds += terms[0];
    for (size_t h = 0; h < wide; ++h) hidden[h] += terms[1 + h];
  }
  for (size_t p = 1; p < size_t(settings_.pieces); ++p)
    for (size_t h = 0; h < units; ++h) hidden[h] = std::max(hidden[h], hidden[p * units + h]);
  for (size_t h = 0; h < units; ++h) odds += upper_[1 + h] * hidden[h];
  return std::clamp(odds, -kMostOdds, kMostOdds);
}

void Senter::score(const Doc& doc, const TokenVectors& vectors, State& state) const {
  const size_t n = vectors.n, wide = size_t(layer_.outputs());
  state.log_odds.resize(n);
  if (n == 0) return;
  state.hidden.grow(kBlock * wide);
  read_gap_words(doc, state.words);
  state.log_odds[0] = kCertain;
  for (size_t begin = 1; begin < n; begin += kBlock) {
    const size_t end = std::min(begin + kBlock, n);
    const RowsView pairs{vectors.data + (begin - 1) * vectors.stride, vectors.stride, vectors.stride, 2, width_};
    layer_.apply(pairs, end - begin, state.hidden.data(), wide);
    for (size_t i = begin; i < end; ++i) {
      const bool inside = doc.part[i] == TokenPart::later;
      state.log_odds[i] = inside ? -kCertain
                                 : gap_log_odds(gap_rows(doc, state.words, i), state.hidden.data() + (i - begin) * wide);
    }
  }
}

void Senter::annotate(Doc& doc, const TokenVectors& vectors, bool parser_follows, State& state) const {
  state.break_prior.clear();
  if (doc.sent_start.empty()) doc.sent_start.assign(doc.size(), 0);
  if (std::find(doc.sent_start.begin(), doc.sent_start.end(), SentStart(0)) == doc.sent_start.end()) return;
  score(doc, vectors, state);
  const float start = parser_follows ? start_odds_ : 0.0f, join = parser_follows ? join_odds_ : 0.0f;
  for (size_t i = 0; i < doc.size(); ++i) {
    if (doc.sent_start[i] != 0) continue;
    const float odds = state.log_odds[i];
    if (odds >= start) doc.sent_start[i] = 1;
    else if (!(odds >= join) || odds == -kCertain) doc.sent_start[i] = -1;
  }
  if (!parser_follows || settings_.prior == 0.0f) return;
  for (const float odds : state.log_odds)
    state.break_prior.push_back(settings_.prior * std::clamp(odds, -kMostOdds, kMostOdds));
}

}  // namespace treelet
