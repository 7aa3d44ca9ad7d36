// The strings read off a word, their hashes, and the rows of the hash embeddings that they choose.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace treelet {

// Lengths in code points.
struct FeatureSettings {
  std::vector<int> prefix_lengths = {1, 3};
  std::vector<int> suffix_lengths = {2, 3, 4};
  int shape_run = 4;  // longest run of one class kept in the shape
};

constexpr int kMostAffix = 8;                          // characters
constexpr size_t kMostTables = 2 * kMostAffix + 2;     // norm, a prefix and a suffix of each length, shape
constexpr size_t kFeatureHashes = 4;                   // rows that one string chooses in its table

// What is read off the form itself. NORM is the form in simple lower case with typographic quotes and dashes replaced
// by plain ones; SHAPE replaces letters by X and x, digits by d, and cuts runs.
struct WordStrings {
  std::string norm, shape;
};
void read_strings(std::string_view form, int shape_run, WordStrings& out);

// Hash (base/hash.h) of the norm alone: the key of a static vector.
uint64_t norm_hash(std::string_view form);

// The hash tables of an encoder, in their order: norm, the prefixes, the suffixes, shape. A prefix and a suffix are the
// first and last characters of the norm, the whole norm where it is shorter.
class FeatureTables {
 public:
  using Hashes = std::array<uint64_t, kMostTables>;  // of the first size() tables
  using Rows = std::array<uint32_t, kFeatureHashes>;

  FeatureTables() = default;
  // `rows`: how many each table has. Throws Error(settings) for a length outside 1 to kMostAffix or named twice, a
  // shape_run outside 1 to 64, another number of tables than of `rows`, or a table without rows.
  FeatureTables(const FeatureSettings& settings, const std::vector<int32_t>& rows);

  size_t size() const { return tables_.size(); }
  const std::string& name(size_t table) const { return tables_[table].name; }  // "norm", "prefix1", …, "shape"
  int32_t rows_of(size_t table) const { return tables_[table].rows; }

  // What table t hashes: a view into `strings`, which read_strings has filled.
  std::string_view string(size_t table, const WordStrings& strings) const;
  // Hashes of a word, norm first; `scratch` is overwritten.
  void hash(std::string_view form, WordStrings& scratch, Hashes& out) const;
  // Rows that a hash of table t chooses, each below rows_of(t).
  Rows rows(size_t table, uint64_t hash) const;

 private:
  enum class Kind { norm, prefix, suffix, shape };
  struct Table {
    std::string name;
    Kind kind;
    int length;    // of an affix, else 0
    int32_t rows;
    std::array<uint64_t, kFeatureHashes> seeds;
  };
  void add(Kind kind, int length, const std::vector<int32_t>& rows);

  int shape_run_ = 1;
  std::vector<Table> tables_;
};

}  // namespace treelet
