#include "features/word_features.h"

#include <algorithm>

#include "base/hash.h"
#include "base/unicode.h"
#include "base/utf8.h"

namespace treelet {

namespace {

char32_t normalise(char32_t c) {
  if (c < 0x80) return c == '`' ? U'\'' : to_lower(c);
  switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x00B4:
    case 0x02BC: return U'\'';
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F: return U'"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2212: return U'-';
    default: return to_lower(c);
  }
}

char32_t shape_of(char32_t c) {
  const uint8_t classes = char_classes(c);
  if (classes & kAlpha) return classes & kUpper ? U'X' : U'x';
  return classes & kDigit ? U'd' : c;
}

std::string_view first_characters(std::string_view form, int count) {
  size_t end = 0;
  for (int k = 0; k < count && end < form.size(); ++k) end += size_t(decode_utf8(form, end).bytes);
  return form.substr(0, end);
}

std::string_view last_characters(std::string_view form, int count) {
  size_t begin = form.size();
  for (int k = 0; k < count && begin > 0; ++k) do
      --begin;
    while (begin > 0 && (uint8_t(form[begin]) & 0xC0) == 0x80);
  return form.substr(begin);
}

// Seed of hash k in a table: the terms of the SplitMix64 sequence, one after another. Stored models depend on
// it.
constexpr uint64_t kSeedStep = 0x9e3779b97f4a7c15ULL;

uint64_t row_seed(int table, int k) { return mix_bits(kSeedStep * uint64_t(table * kFeatureHashes + k + 1)); }

const auto kSeeds = [] {
  std::array<std::array<uint64_t, kFeatureHashes>, kFeatureTables> seeds{};
  for (int table = 0; table < kFeatureTables; ++table)
    for (int k = 0; k < kFeatureHashes; ++k) seeds[size_t(table)][size_t(k)] = row_seed(table, k);
  return seeds;
}();

}  // namespace

WordStrings word_strings(std::string_view form, const FeatureSettings& settings) {
  WordStrings out;
  char32_t last = 0;
  int run = 0;
  for (size_t i = 0; i < form.size();) {
    const CodePoint c = decode_utf8(form, i);
    i += size_t(c.bytes);
    append_utf8(out.norm, normalise(c.value));
    const char32_t shape = shape_of(c.value);
    run = run > 0 && shape == last ? std::min(run + 1, settings.shape_run + 1) : 1;
    last = shape;
    if (run <= settings.shape_run) append_utf8(out.shape, shape);
  }
  out.prefix = first_characters(form, settings.prefix_length);
  out.suffix = last_characters(form, settings.suffix_length);
  return out;
}

TokenFeatures word_features(std::string_view form, const FeatureSettings& settings) {
  const WordStrings strings = word_strings(form, settings);
  return {hash_bytes(strings.norm), hash_bytes(strings.prefix), hash_bytes(strings.suffix),
          hash_bytes(strings.shape)};
}

FeatureRows feature_rows(const TokenFeatures& features, const std::array<int32_t, kFeatureTables>& n_rows) {
  const uint64_t hashes[kFeatureTables] = {features.norm, features.prefix, features.suffix, features.shape};
  FeatureRows rows;
  for (size_t table = 0; table < kFeatureTables; ++table)
    for (size_t k = 0; k < kFeatureHashes; ++k)
      rows[table][k] = int32_t(mix_bits(hashes[table] ^ kSeeds[table][k]) % uint64_t(n_rows[table]));
  return rows;
}

}  // namespace treelet
