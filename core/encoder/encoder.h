// Words in, one vector each out: hash embeddings, mixed, then maxout convolutions and recurrent layers over the document.
#pragma once

#include <string_view>
#include <vector>

#include "doc/doc.h"
#include "encoder/hash_table.h"
#include "encoder/static_vectors.h"
#include "encoder/type_cache.h"
#include "features/word_features.h"
#include "network/layers.h"
#include "network/recurrence.h"

namespace treelet {

struct EncoderSettings {
  int width = 96, depth = 4, window = 1, pieces = 3;
  std::vector<int> dilations;  // one a layer
  std::vector<int32_t> rows;   // of the hash tables, in the order of FeatureTables
  FeatureSettings features;
  int vector_words = 0, vector_length = 0;  // static vectors; 0 = none
  int recurrent_layers = 0, recurrent_units = 0;
  int vector_rows = 0;  // that they share; 0 = a row each
};

// Constant once made; any number of threads may encode, each with a State of its own.
class Encoder {
 public:
  // Scratch of one thread. Holds what was computed for word types seen before; never changes a result.
  class State {
   public:
    explicit State(size_t most_types = 8192) : most_types_(most_types) {}

   private:
    friend class Encoder;
    size_t most_types_;
    TypeCache cache_{0};
    bool ready_ = false;
    WordStrings strings_;
    std::vector<uint32_t> types_;  // of the words of a block
    AlignedFloats embedded_, mixed_, vectors_, added_;  // of the types that are new in a block
    AlignedFloats rows_, other_;      // of the words, before and after a layer
    RecurrentLayer::State recurrent_;
  };

  // Throws Error(package) when the weights do not fit the settings, Error(settings) for tables out of range.
  Encoder(const EncoderSettings& settings, const Weights& weights, Precision precision = Precision::fp32);

  bool has_vectors() const { return settings_.vector_length > 0; }
  int width() const { return settings_.width; }
  // Floats from one word's vector to the next.
  size_t stride() const { return recurrent_.empty() ? padded_ : size_t(recurrent_.front().shape().stride()); }

  // Floats kept for a word type: x⁰ and what it adds to the first convolution at each place of the window.
  size_t type_row_size() const { return padded_ + (layers_.empty() ? 0 : neighbours() * (kRowAlign + wide() / 2)); }

  // Vectors of words [words.begin, words.end), seen as a document of their own: (words, stride()), width() of each.
  // Valid until the state is used again.
  const float* encode(const Doc& doc, WordRange words, State& state) const;

 private:
  size_t neighbours() const { return size_t(2 * settings_.window + 1); }
  size_t wide() const { return size_t(settings_.pieces) * padded_; }
  // What a type's row says of the neighbour at a place of the window: a step, then (wide()) numbers in 16 bits.
  ShortRow addition(const float* row, size_t place) const {
    const float* at = row + padded_ + place * (kRowAlign + wide() / 2);
    return {reinterpret_cast<const int16_t*>(at + kRowAlign), *at};
  }
  int parts() const { return int(features_.size()) + (has_vectors() ? 1 : 0); }  // that the mix joins
  void look_up(const Doc& doc, WordRange words, State& state) const;
  void embed_new_types(uint32_t first_new, State& state) const;
  void first_layer(const Doc& doc, WordRange all, WordRange block, State& state, float* out) const;

  EncoderSettings settings_;
  size_t padded_;  // width, in whole vectors
  size_t margin_;  // rows of zeros on both sides of a document
  FeatureTables features_;
  std::vector<HashTable> tables_;  // one of each of features_
  StaticVectors vectors_;
  Affine vector_map_;  // to (width), without bias
  MaxoutNorm mix_;
  Affine first_;  // the first convolution of each neighbour apart: (neighbours · pieces · padded, width)
  AlignedFloats first_bias_, zeros_;  // zeros_: a row of a type that is none
  std::vector<MaxoutNorm> layers_;  // the first convolution only lends its LayerNorm
  std::vector<RecurrentLayer> recurrent_;
};

}  // namespace treelet
