// Features of words and of the gaps between them: the strings for people to look at, rows of the tables.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "base/error.h"
#include "bindings/convert.h"
#include "doc/doc.h"
#include "features/gap_features.h"
#include "features/word_features.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

using RowsArray = nb::ndarray<nb::numpy, int32_t, nb::shape<-1, -1, int64_t(kFeatureHashes)>>;

RowsArray rows_of(const Doc& doc, const FeatureSettings& settings, const std::vector<int32_t>& n_rows) {
  const FeatureTables tables(settings, n_rows);
  auto* data = new std::vector<int32_t>();
  nb::capsule owner(data, [](void* p) noexcept { delete static_cast<std::vector<int32_t>*>(p); });
  data->reserve(doc.size() * tables.size() * kFeatureHashes);
  WordStrings scratch;
  FeatureTables::Hashes hashes;
  for (size_t word = 0; word < doc.size(); ++word) {
    tables.hash(doc.word(word), scratch, hashes);
    for (size_t t = 0; t < tables.size(); ++t)
      for (uint32_t row : tables.rows(t, hashes[t])) data->push_back(int32_t(row));
  }
  return RowsArray(data->data(), {doc.size(), tables.size(), kFeatureHashes}, owner);
}

// Tables of one row each: enough to name them and what they hash.
FeatureTables tables_of(const FeatureSettings& settings) {
  return FeatureTables(settings, std::vector<int32_t>(
                                     settings.prefix_lengths.size() + settings.suffix_lengths.size() + 2, 1));
}

nb::typed<nb::list, nb::str> strings_of(std::string_view form, const FeatureSettings& settings) {
  const FeatureTables tables = tables_of(settings);
  WordStrings strings;
  read_strings(form, settings.shape_run, strings);
  nb::list found;
  for (size_t t = 0; t < tables.size(); ++t) found.append(text_to_python(tables.string(t, strings)));
  return nb::typed<nb::list, nb::str>(found);
}

void bind_settings(nb::module_& m) {
  nb::class_<FeatureSettings>(m, "FeatureSettings", "What is read off a word before it is hashed; lengths in characters.")
      .def(
          "__init__",
          [](FeatureSettings* self, std::vector<int> prefix_lengths, std::vector<int> suffix_lengths, int shape_run) {
            FeatureSettings made{std::move(prefix_lengths), std::move(suffix_lengths), shape_run};
            tables_of(made);  // checks them
            new (self) FeatureSettings(std::move(made));
          },
          nb::arg("prefix_lengths") = std::vector<int>{1, 3}, nb::arg("suffix_lengths") = std::vector<int>{2, 3, 4},
          nb::arg("shape_run") = 4);
}

using GapArray = nb::ndarray<nb::numpy, int32_t, nb::shape<-1, kGapGroups>>;

GapArray gap_rows_of(const Doc& doc) {
  GapRows nothing;
  nothing.fill(kNoRow);
  auto* data = new std::vector<GapRows>(doc.size(), nothing);
  nb::capsule owner(data, [](void* p) noexcept { delete static_cast<std::vector<GapRows>*>(p); });
  GapWords words;
  read_gap_words(doc, {0, doc.size()}, words);
  for (size_t word = 1; word < doc.size(); ++word)
    if (doc.part[word] != TokenPart::later) (*data)[word] = gap_rows(doc, words, word);
  return GapArray(data->data(), {doc.size(), kGapGroups}, owner);
}

}  // namespace

void bind_features(nb::module_& m) {
  bind_settings(m);
  m.def("gap_row_names", [] { return gap_row_names(); }, "Names of the rows of the table of gaps, `group=value`.");
  m.def("gap_rows", &gap_rows_of, nb::arg("doc"),
        "Rows of the gap before every word, int32 (words, groups), -1 for none; -1 throughout where no sentence can "
        "start anew: before the first word and inside multi-word tokens.");
  m.def("feature_rows", &rows_of, nb::arg("doc"), nb::arg("features"), nb::arg("rows"),
        "Embedding rows of every word: int32 (words, tables, 4 hashes); `rows` is how many each table has.");
  m.def(
      "norm_hashes",
      [](const std::vector<nb::str>& words) {
        auto* data = new std::vector<uint64_t>();
        nb::capsule owner(data, [](void* p) noexcept { delete static_cast<std::vector<uint64_t>*>(p); });
        for (const nb::str& word : words) data->push_back(norm_hash(text_from_python(word)));
        return nb::ndarray<nb::numpy, uint64_t, nb::ndim<1>>(data->data(), {data->size()}, owner);
      },
      nb::arg("words"), "Hash of the norm of every word, uint64 (words,): the keys of static vectors.");
  m.def(
      "feature_strings",
      [](nb::str form, const FeatureSettings& features) { return strings_of(text_from_python(form), features); },
      nb::arg("form"), nb::arg("features"), "The strings that are hashed, one a table.");
}
