// Features of words and of the gaps between them: the four strings for people to look at, rows of the tables.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/array.h>

#include "base/error.h"
#include "bindings/convert.h"
#include "doc/doc.h"
#include "features/gap_features.h"
#include "features/word_features.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

FeatureSettings checked_settings(int prefix_length, int suffix_length, int shape_run) {
  for (const auto& [name, value] : {std::pair{"prefix_length", prefix_length},
                                    {"suffix_length", suffix_length},
                                    {"shape_run", shape_run}})
    if (value < 1 || value > 64)
      throw Error(ErrorKind::settings, std::string("features.") + name + ": found " + std::to_string(value) +
                                           ", expected 1 to 64 characters");
  return {prefix_length, suffix_length, shape_run};
}

using RowsArray = nb::ndarray<nb::numpy, int32_t, nb::shape<-1, kFeatureTables, kFeatureHashes>>;

RowsArray rows_of(const Doc& doc, const FeatureSettings& settings,
                  const std::array<int32_t, kFeatureTables>& n_rows) {
  for (int32_t n : n_rows)
    if (n < 1)
      throw Error(ErrorKind::settings, "rows: found " + std::to_string(n) + ", expected at least 1 a table");
  auto* data = new std::vector<FeatureRows>(doc.size());
  nb::capsule owner(data, [](void* p) noexcept { delete static_cast<std::vector<FeatureRows>*>(p); });
  for (size_t word = 0; word < doc.size(); ++word)
    (*data)[word] = feature_rows(word_features(doc.word(word), settings), n_rows);
  return RowsArray(data->data(), {doc.size(), kFeatureTables, kFeatureHashes}, owner);
}

using GapArray = nb::ndarray<nb::numpy, int32_t, nb::shape<-1, kGapGroups>>;

GapArray gap_rows_of(const Doc& doc) {
  GapRows nothing;
  nothing.fill(kNoRow);
  auto* data = new std::vector<GapRows>(doc.size(), nothing);
  nb::capsule owner(data, [](void* p) noexcept { delete static_cast<std::vector<GapRows>*>(p); });
  GapWords words;
  read_gap_words(doc, words);
  for (size_t word = 1; word < doc.size(); ++word)
    if (doc.part[word] != TokenPart::later) (*data)[word] = gap_rows(doc, words, word);
  return GapArray(data->data(), {doc.size(), kGapGroups}, owner);
}

}  // namespace

void bind_features(nb::module_& m) {
  m.def("gap_row_names", [] { return gap_row_names(); }, "Names of the rows of the table of gaps, `group=value`.");
  m.def("gap_rows", &gap_rows_of, nb::arg("doc"),
        "Rows of the gap before every word, int32 (words, groups), -1 for none; -1 throughout where no sentence can "
        "start anew: before the first word and inside multi-word tokens.");
  m.def(
      "feature_rows",
      [](const Doc& doc, int prefix_length, int suffix_length, int shape_run,
         const std::array<int32_t, kFeatureTables>& rows) {
        return rows_of(doc, checked_settings(prefix_length, suffix_length, shape_run), rows);
      },
      nb::arg("doc"), nb::arg("prefix_length"), nb::arg("suffix_length"), nb::arg("shape_run"),
      nb::arg("rows"),
      "Embedding rows of every word: int32 (words, 4 tables, 4 hashes); tables are norm, prefix, suffix, "
      "shape.");
  m.def(
      "norm_hashes",
      [](const std::vector<nb::str>& words) {
        auto* data = new std::vector<uint64_t>();
        nb::capsule owner(data, [](void* p) noexcept { delete static_cast<std::vector<uint64_t>*>(p); });
        for (const nb::str& word : words)
          data->push_back(word_features(text_from_python(word), FeatureSettings{}).norm);
        return nb::ndarray<nb::numpy, uint64_t, nb::ndim<1>>(data->data(), {data->size()}, owner);
      },
      nb::arg("words"), "Hash of the norm of every word, uint64 (words,): the keys of static vectors.");
  m.def(
      "feature_strings",
      [](nb::str form, int prefix_length, int suffix_length, int shape_run) {
        const WordStrings strings = word_strings(text_from_python(form),
                                                 checked_settings(prefix_length, suffix_length, shape_run));
        using Strings = nb::typed<nb::tuple, nb::str, nb::str, nb::str, nb::str>;
        return Strings(nb::make_tuple(text_to_python(strings.norm), text_to_python(strings.prefix),
                                      text_to_python(strings.suffix), text_to_python(strings.shape)));
      },
      nb::arg("form"), nb::arg("prefix_length") = 1, nb::arg("suffix_length") = 3, nb::arg("shape_run") = 4,
      "The strings that are hashed: norm, prefix, suffix, shape.");
}
