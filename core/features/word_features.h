// The four strings read off a word, their hashes, and the rows of the hash embeddings that they choose.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace treelet {

// Lengths in code points.
struct FeatureSettings {
  int prefix_length = 1;
  int suffix_length = 3;
  int shape_run = 4;  // longest run of one class kept in the shape
};

constexpr int kFeatureTables = 4;  // norm, prefix, suffix, shape: the order of every array below
constexpr int kFeatureHashes = 4;  // rows that one string chooses in its table

// NORM is the form in simple lower case with typographic quotes and dashes replaced by plain ones; PREFIX and
// SUFFIX are the first and last characters of the form; SHAPE replaces letters by X and x, digits by d, and
// cuts runs.
struct WordStrings {
  std::string norm, prefix, suffix, shape;
};
WordStrings word_strings(std::string_view form, const FeatureSettings& settings);

// Hashes of the four strings (base/hash.h).
struct TokenFeatures {
  uint64_t norm, prefix, suffix, shape;
};
TokenFeatures word_features(std::string_view form, const FeatureSettings& settings);

using FeatureRows = std::array<std::array<int32_t, kFeatureHashes>, kFeatureTables>;

// Row numbers (table, hash) below n_rows of each table, which must all be positive.
FeatureRows feature_rows(const TokenFeatures& features, const std::array<int32_t, kFeatureTables>& n_rows);

}  // namespace treelet
