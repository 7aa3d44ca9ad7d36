#include "encoder/encoder.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace treelet {

namespace {

constexpr size_t kBlock = 512;                        // words looked up at a time
constexpr size_t kMostFormBytes = size_t(4) << 20;    // of a type cache
constexpr size_t kMostTypeFloats = size_t(1) << 24;   // 64 MiB, unless a block of words alone needs more
constexpr size_t kKeptFloats = size_t(1) << 24;       // 64 MiB of scratch are kept between documents

void check(bool holds, const std::string& what) {
  if (!holds) throw Error(ErrorKind::package, "settings: encoder: " + what);
}

void check_settings(const EncoderSettings& s) {
  check(s.width >= 1 && s.width <= kMaxWidth, "width " + std::to_string(s.width) + ", expected 1 to 1024");
  check(s.depth >= 0 && s.depth <= 64, "depth " + std::to_string(s.depth) + ", expected 0 to 64");
  check(s.window >= 1 && s.window <= 16, "window " + std::to_string(s.window) + ", expected 1 to 16");
  check(s.pieces >= 1 && s.pieces <= kMaxPieces, "pieces " + std::to_string(s.pieces) + ", expected 1 to 8");
  check(int(s.dilations.size()) == s.depth, "expected one dilation a layer");
  for (int d : s.dilations) check(d >= 1 && d <= 1024, "dilation " + std::to_string(d) + ", expected 1 to 1024");
  check(s.recurrent_layers >= 0 && s.recurrent_layers <= 16, "recurrent_layers, expected 0 to 16");
  check(s.recurrent_layers == 0 || (s.recurrent_units >= 1 && s.recurrent_units <= 4096), "recurrent_units, expected 1 to 4096");
  check(s.vector_length >= 0 && s.vector_length <= 4096 && (s.vector_words > 0) == (s.vector_length > 0) &&
            s.vector_words >= 0, "static vectors need words and a length of 4096 at most");
  check(s.vector_rows >= 0 && s.vector_rows <= 65536 && s.vector_rows <= s.vector_words,
        "vector_rows, expected at most 65536 and vector_words");
}

}  // namespace

Encoder::Encoder(const EncoderSettings& settings, const Weights& weights, Precision precision)
    : settings_(settings),
      padded_(size_t(padded_width(settings.width))),
      margin_(0),
      features_(settings.features, settings.rows) {
  check_settings(settings_);
  const int width = settings_.width, pieces = settings_.pieces, neighbours = 2 * settings_.window + 1;
  const size_t padded = padded_;
  for (size_t t = 0; t < features_.size(); ++t)
    tables_.emplace_back(weights, "embed." + features_.name(t), features_.rows_of(t), width);
  mix_ = MaxoutNorm(weights, "mix", {width, pieces, parts() * width}, precision);
  if (has_vectors()) {
    vectors_ = StaticVectors(weights, settings_.vector_words, settings_.vector_rows, settings_.vector_length);
    const float* map = weights.get("vectors.map", {width, settings_.vector_length}).data();
    vector_map_ = Affine({map, nullptr, width, settings_.vector_length});
  }
  for (int l = 0; l < settings_.depth; ++l) {
    layers_.emplace_back(weights, "encoder." + std::to_string(l), MaxoutShape{width, pieces, neighbours * width}, precision);
    margin_ = std::max(margin_, size_t(settings_.window) * size_t(settings_.dilations[size_t(l)]));
  }
  const RecurrentShape recurrent{width, settings_.recurrent_units, pieces};
  for (int l = 0; l < settings_.recurrent_layers; ++l)
    recurrent_.emplace_back(weights, "recurrent." + std::to_string(l), recurrent, precision);
  if (settings_.depth == 0) return;

  // Split the first convolution by neighbour, every piece padded, so that its three products are sums over cached rows.
  const auto& weight = weights.get("encoder.0.weight", {pieces * width, neighbours * width});
  const auto& bias = weights.get("encoder.0.bias", {pieces * width});
  const size_t wide = size_t(pieces) * padded, w = size_t(width);
  std::vector<float> split(size_t(neighbours) * wide * w, 0.0f);
  first_bias_.resize(wide);
  zeros_.resize(wide);
  for (size_t p = 0; p < size_t(pieces); ++p) {
    for (size_t i = 0; i < w; ++i) {
      first_bias_[p * padded + i] = bias[p * w + i];
      const float* row = weight.data() + (p * w + i) * size_t(neighbours) * w;
      for (size_t s = 0; s < size_t(neighbours); ++s)
        std::copy_n(row + s * w, w, split.data() + (s * wide + p * padded + i) * w);
    }
  }
  first_ = Affine({split.data(), nullptr, neighbours * pieces * int(padded), width}, precision);
}

void Encoder::look_up(const Doc& doc, WordRange words, State& state) const {
  const size_t needed = words.size();
  if (!state.ready_) state.cache_ = TypeCache(type_row_size());
  const size_t room = std::min(state.most_types_, kMostTypeFloats / type_row_size());
  const size_t most = std::max(room, kBlock + 2 * margin_);
  if (!state.ready_ || state.cache_.form_bytes() > kMostFormBytes) {
    state.cache_.clear(most);
  } else if (state.cache_.size() + needed > most) {
    state.cache_.shrink(std::min(most / 2, most - needed));
  }
  state.ready_ = true;
  state.types_.resize(needed);
  const uint32_t first_new = uint32_t(state.cache_.size());
  for (size_t i = 0; i < needed; ++i) {
    bool added = false;
    state.types_[i] = state.cache_.find_or_add(doc.word(words.begin + i), added);
  }
  if (state.cache_.size() > first_new) embed_new_types(first_new, state);
}

void Encoder::embed_new_types(uint32_t first_new, State& state) const {
  const size_t n_new = state.cache_.size() - first_new;
  const size_t padded = padded_;
  const size_t n_parts = size_t(parts()), length = size_t(settings_.vector_length);
  state.embedded_.grow(n_new * n_parts * padded);
  state.vectors_.grow(n_new * length);
  FeatureTables::Hashes hashes;
  HashTable::Scratch scratch;
  for (size_t i = 0; i < n_new; ++i) {
    features_.hash(state.cache_.form(first_new + uint32_t(i)), state.strings_, hashes);
    if (has_vectors()) vectors_.find(hashes[0], state.vectors_.data() + i * length);
    for (size_t t = 0; t < features_.size(); ++t)
      tables_[t].sum_of_four(features_.rows(t, hashes[t]), scratch,
                             state.embedded_.data() + (i * n_parts + t) * padded);
  }
  if (has_vectors()) {
    const size_t whole = vector_map_.whole_outputs();  // may be more than `padded`: not in among the other parts
    state.added_.grow(n_new * whole);
    vector_map_.apply(plain_rows(state.vectors_.data(), length, settings_.vector_length), n_new, state.added_.data(), whole);
    for (size_t i = 0; i < n_new; ++i)
      std::copy_n(state.added_.data() + i * whole, settings_.width,
                  state.embedded_.data() + (i * n_parts + features_.size()) * padded);
  }
  state.mixed_.grow(n_new * padded);
  const RowsView embedded{state.embedded_.data(), n_parts * padded, padded, parts(), settings_.width};
  mix_.apply(embedded, n_new, state.mixed_.data(), padded);
  const size_t added = layers_.empty() ? 0 : neighbours() * wide();
  state.added_.grow(n_new * added);
  if (added) first_.apply(plain_rows(state.mixed_.data(), padded, settings_.width), n_new, state.added_.data(), added);
  for (size_t i = 0; i < n_new; ++i) {
    float* row = state.cache_.row(first_new + uint32_t(i));
    std::copy_n(state.mixed_.data() + i * padded, padded, row);
    for (size_t place = 0; place < (added ? neighbours() : 0); ++place) {
      const ShortRow addition = this->addition(row, place);
      row[padded + place * (kRowAlign + wide() / 2)] = kernels().to_shorts(
          state.added_.data() + i * added + place * wide(), int(wide()), const_cast<int16_t*>(addition.values));
    }
  }
}

// The words of a block after the first convolution over `all`, or x⁰ without one, into out (block.size(), stride).
void Encoder::first_layer(const Doc& doc, WordRange all, WordRange block, State& state, float* out) const {
  const size_t reach = settings_.depth > 0 ? size_t(settings_.window) * size_t(settings_.dilations[0]) : 0;
  const size_t from = block.begin - std::min(reach, block.begin - all.begin);
  const size_t to = std::min(all.end, block.end + reach);
  look_up(doc, {from, to}, state);
  const size_t padded = padded_, step = stride();
  const int neighbours = 2 * settings_.window + 1;
  ShortRow parts[2 * 16 + 1];
  for (size_t i = block.begin; i < block.end; ++i) {
    const float* own = state.cache_.row(state.types_[i - from]);
    float* row = out + (i - block.begin) * step;
    if (settings_.depth == 0) {
      std::copy_n(own, padded, row);
      continue;
    }
    for (int s = 0; s < neighbours; ++s) {
      const int64_t at = int64_t(i) + int64_t(s - settings_.window) * settings_.dilations[0];
      parts[s] = at < int64_t(all.begin) || at >= int64_t(all.end)
                     ? ShortRow{reinterpret_cast<const int16_t*>(zeros_.data()), 0.0f}
                     : addition(state.cache_.row(state.types_[size_t(at) - from]), size_t(s));
    }
    kernels().maxout_norm_of_sum(layers_[0].norm().view(), settings_.pieces, first_bias_.data(), parts, neighbours, own,
                                 row);
  }
}

const float* Encoder::encode(const Doc& doc, WordRange words, State& state) const {
  const size_t n = words.size(), row = stride(), margin = margin_ * row;
  const size_t floats = n * row + 2 * margin;
  if (state.rows_.capacity() > kKeptFloats && floats < kKeptFloats) {
    state.rows_.release();
    state.other_.release();
    state.recurrent_ = {};
  }
  for (AlignedFloats* buffer : {&state.rows_, &state.other_}) {
    if (buffer == &state.other_ && layers_.size() < 2) break;
    buffer->grow(floats);
    std::fill_n(buffer->data(), margin, 0.0f);
    std::fill_n(buffer->data() + margin + n * row, margin, 0.0f);
  }
  for (size_t begin = 0; begin < n; begin += kBlock)
    first_layer(doc, words, {words.begin + begin, words.begin + std::min(n, begin + kBlock)}, state,
                state.rows_.data() + margin + begin * row);

  const int neighbours = 2 * settings_.window + 1;
  for (size_t l = 1; l < layers_.size(); ++l) {
    const size_t step = size_t(settings_.dilations[l]) * row;
    const float* in = state.rows_.data() + margin;
    const RowsView rows{in - size_t(settings_.window) * step, row, step, neighbours, settings_.width};
    layers_[l].apply(rows, n, state.other_.data() + margin, row, in);
    std::swap(state.rows_, state.other_);
  }
  for (const RecurrentLayer& layer : recurrent_) layer.apply(state.rows_.data() + margin, n, state.recurrent_);
  return state.rows_.data() + margin;
}

}  // namespace treelet
