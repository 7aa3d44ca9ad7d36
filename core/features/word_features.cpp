#include "features/word_features.h"

#include <algorithm>

#include "base/error.h"
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

std::string_view first_characters(std::string_view text, int count) {
  size_t end = 0;
  for (int k = 0; k < count && end < text.size(); ++k) end += size_t(decode_utf8(text, end).bytes);
  return text.substr(0, end);
}

std::string_view last_characters(std::string_view text, int count) {
  size_t begin = text.size();
  for (int k = 0; k < count && begin > 0; ++k) do
      --begin;
    while (begin > 0 && (uint8_t(text[begin]) & 0xC0) == 0x80);
  return text.substr(begin);
}

// Seed of hash k in a table: a term of the SplitMix64 sequence, chosen by what the table holds and never by its place,
// so that a table more or less leaves the rows of the others. Stored models depend on it.
constexpr uint64_t kSeedStep = 0x9e3779b97f4a7c15ULL;
constexpr size_t kKinds = 4;

uint64_t row_seed(size_t kind, int length, size_t k) {
  return mix_bits(kSeedStep * uint64_t((size_t(length) * kKinds + kind) * kFeatureHashes + k + 1));
}

void check(bool holds, const std::string& what) {
  if (!holds) throw Error(ErrorKind::settings, what);
}

void check_lengths(const std::string& name, const std::vector<int>& lengths) {
  for (size_t i = 0; i < lengths.size(); ++i) {
    const std::string found = name + ": found " + std::to_string(lengths[i]);
    check(lengths[i] >= 1 && lengths[i] <= kMostAffix,
          found + ", expected 1 to " + std::to_string(kMostAffix) + " characters");
    check(std::find(lengths.begin(), lengths.begin() + int64_t(i), lengths[i]) == lengths.begin() + int64_t(i),
          found + " twice");
  }
}

}  // namespace

void read_strings(std::string_view form, int shape_run, WordStrings& out) {
  out.norm.clear();
  out.shape.clear();
  char32_t last = 0;
  int run = 0;
  for (size_t i = 0; i < form.size();) {
    const CodePoint c = decode_utf8(form, i);
    i += size_t(c.bytes);
    append_utf8(out.norm, normalise(c.value));
    const char32_t shape = shape_of(c.value);
    run = run > 0 && shape == last ? std::min(run + 1, shape_run + 1) : 1;
    last = shape;
    if (run <= shape_run) append_utf8(out.shape, shape);
  }
}

uint64_t norm_hash(std::string_view form) {
  WordStrings strings;
  read_strings(form, 1, strings);
  return hash_bytes(strings.norm);
}

FeatureTables::FeatureTables(const FeatureSettings& settings, const std::vector<int32_t>& rows)
    : shape_run_(settings.shape_run) {
  check_lengths("features.prefix_lengths", settings.prefix_lengths);
  check_lengths("features.suffix_lengths", settings.suffix_lengths);
  check(shape_run_ >= 1 && shape_run_ <= 64,
        "features.shape_run: found " + std::to_string(shape_run_) + ", expected 1 to 64 characters");
  const size_t expected = settings.prefix_lengths.size() + settings.suffix_lengths.size() + 2;
  check(rows.size() == expected, "rows: found " + std::to_string(rows.size()) + " numbers, expected " +
                                     std::to_string(expected) + ", one a table");
  add(Kind::norm, 0, rows);
  for (int length : settings.prefix_lengths) add(Kind::prefix, length, rows);
  for (int length : settings.suffix_lengths) add(Kind::suffix, length, rows);
  add(Kind::shape, 0, rows);
}

void FeatureTables::add(Kind kind, int length, const std::vector<int32_t>& rows) {
  constexpr const char* kNames[kKinds] = {"norm", "prefix", "suffix", "shape"};
  Table table{kNames[size_t(kind)], kind, length, rows[tables_.size()], {}};
  if (length > 0) table.name += std::to_string(length);
  check(table.rows >= 1,
        "rows of " + table.name + ": found " + std::to_string(table.rows) + ", expected at least 1");
  for (size_t k = 0; k < kFeatureHashes; ++k) table.seeds[k] = row_seed(size_t(kind), length, k);
  tables_.push_back(std::move(table));
}

std::string_view FeatureTables::string(size_t table, const WordStrings& strings) const {
  switch (tables_[table].kind) {
    case Kind::prefix: return first_characters(strings.norm, tables_[table].length);
    case Kind::suffix: return last_characters(strings.norm, tables_[table].length);
    case Kind::shape: return strings.shape;
    default: return strings.norm;
  }
}

void FeatureTables::hash(std::string_view form, WordStrings& scratch, Hashes& out) const {
  read_strings(form, shape_run_, scratch);
  for (size_t t = 0; t < size(); ++t) out[t] = hash_bytes(string(t, scratch));
}

FeatureTables::Rows FeatureTables::rows(size_t table, uint64_t hash) const {
  const Table& found = tables_[table];
  Rows rows;
  for (size_t k = 0; k < kFeatureHashes; ++k)
    rows[k] = uint32_t(mix_bits(hash ^ found.seeds[k]) % uint64_t(found.rows));
  return rows;
}

}  // namespace treelet
