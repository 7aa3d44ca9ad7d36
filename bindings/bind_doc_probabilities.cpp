// How sure annotators are of heads, relations and entities: a number from 0 to 1 a word, None where nobody said.
#include <cmath>

#include "bindings/doc_columns.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

using Probabilities = std::vector<std::optional<double>>;

// Six decimals, which a float holds: what is written out and read back is the same.
std::optional<double> to_python(const std::vector<float>& column, size_t word) {
  if (column.empty() || std::isnan(column[word])) return std::nullopt;
  return std::round(double(column[word]) * 1e6) / 1e6;
}

void assign(const char* name, std::vector<float>& column, size_t n_words, const std::optional<Probabilities>& values) {
  if (!values) return column.clear();
  check_length(name, values->size(), n_words);
  std::vector<float> read;
  for (const auto& value : *values) {
    if (value && !(*value >= 0 && *value <= 1))
      throw Error(ErrorKind::text, std::string(name) + ": found " + std::to_string(*value) + ", expected 0 to 1");
    read.push_back(value ? float(*value) : kUnknownProbability);
  }
  column = std::move(read);
}

// name(i), name_column(), set_name_column(values), has_name().
template <std::vector<float> Doc::*Column>
void bind_probabilities(nb::class_<Doc>& c, const char* name) {
  const std::string text(name);
  c.def(name, [](const Doc& doc, Py_ssize_t word) { return to_python(doc.*Column, checked_word(doc, word)); },
        nb::arg("word"));
  c.def((text + "_column").c_str(), [](const Doc& doc) {
    Probabilities values;
    for (size_t i = 0; i < doc.size(); ++i) values.push_back(to_python(doc.*Column, i));
    return values;
  });
  c.def(("set_" + text + "_column").c_str(), [name](Doc& doc, const std::optional<Probabilities>& values) {
    assign(name, doc.*Column, doc.size(), values);
  }, nb::arg("values").none());
  c.def(("has_" + text).c_str(), [](const Doc& doc) {
    for (float value : doc.*Column)
      if (!std::isnan(value)) return true;
    return false;
  });
}

}  // namespace

void bind_doc_probabilities(nb::class_<Doc>& c) {
  bind_probabilities<&Doc::head_probability>(c, "head_probability");
  bind_probabilities<&Doc::deprel_probability>(c, "deprel_probability");
  bind_probabilities<&Doc::ent_probability>(c, "ent_probability");
}
