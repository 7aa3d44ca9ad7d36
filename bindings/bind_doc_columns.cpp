// The annotations of a Doc, word by word and as whole columns; every index, label and length is checked here.
#include "bindings/doc_columns.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

using Ids = nb::ndarray<const int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

template <auto A, auto B>
constexpr bool same_column() {
  if constexpr (std::is_same_v<decltype(A), decltype(B)>) return A == B;
  else return false;
}

// What is set by hand is not what an annotator was sure of: of one word, or of all.
template <auto Column>
void forget_probability(Doc& doc, std::optional<size_t> word) {
  const auto forget = [&](std::vector<float>& column) {
    if (!word) column.clear();
    else if (!column.empty()) column[*word] = kUnknownProbability;
  };
  if (same_column<Column, &Doc::head>()) forget(doc.head_probability);
  if (same_column<Column, &Doc::head>() || same_column<Column, &Doc::deprel>()) forget(doc.deprel_probability);
  if (same_column<Column, &Doc::iob>() || same_column<Column, &Doc::ent_type>()) forget(doc.ent_probability);
}

template <LabelColumn Doc::*Column>
void assign_ids(Doc& doc, const Ids& ids, nb::handle names) {
  auto labels = std::make_shared<LabelSet>();
  size_t n_labels = 0;
  for (nb::handle name : names) {
    labels->add(checked_text(name, "labels"));
    if (size_t(labels->size()) != ++n_labels)
      throw Error(ErrorKind::text, "labels: '" + checked_text(name, "labels") + "' stands there twice");
  }
  check_length("ids", ids.shape(0), doc.size());
  std::vector<Label> values(ids.data(), ids.data() + ids.shape(0));
  for (Label id : values)
    if (id < kMissing || id >= labels->size())
      throw Error(ErrorKind::text, "ids: found " + std::to_string(id) + ", expected -1 to " +
                                       std::to_string(labels->size() - 1));
  (doc.*Column).assign(std::move(labels), std::move(values));
  forget_probability<Column>(doc, std::nullopt);
}

template <LabelColumn Doc::*Column>
void assign_labels(Doc& doc, nb::handle values) {
  LabelColumn column;
  if (!values.is_none()) {
    const Texts texts = texts_from_python(values, "labels");
    check_length("labels", texts.size(), doc.size());
    auto labels = std::make_shared<LabelSet>();
    std::vector<Label> ids;
    ids.reserve(texts.size());
    for (const auto& text : texts) ids.push_back(text ? labels->add(*text) : kMissing);
    if (labels->size() > 0) column.assign(std::move(labels), std::move(ids));
  }
  doc.*Column = std::move(column);
  forget_probability<Column>(doc, std::nullopt);
}

// A str a word, None where missing. Words of one label share one str: labels are few and words are many.
nb::list label_list(const LabelColumn& column, size_t n_words) {
  std::vector<nb::object> made(column.labels ? size_t(column.labels->size()) : 0);
  nb::list labels;
  for (size_t i = 0; i < n_words; ++i) {
    if (!column.is_set(i)) {
      labels.append(nb::none());
      continue;
    }
    nb::object& label = made[size_t(column.id(i))];
    if (!label.is_valid()) label = text_to_python(column.get(i));
    labels.append(label);
  }
  return labels;
}

// name(i), set_name(i, label), name_column(), set_name_column(labels), name_ids(), name_labels(), set_name_ids(ids, labels).
template <LabelColumn Doc::*Column>
void bind_labels(nb::class_<Doc>& c, const std::string& name) {
  c.def(name.c_str(), [](const Doc& doc, Py_ssize_t word) {
    const size_t i = checked_word(doc, word);
    return text_or_none((doc.*Column).is_set(i), (doc.*Column).get(i));
  }, nb::arg("word"), nb::sig(("def " + name + "(self, word: int) -> str | None").c_str()));
  c.def(("set_" + name).c_str(), [](Doc& doc, Py_ssize_t word, std::optional<nb::str> label) {
    const size_t i = checked_word(doc, word);
    if (label) (doc.*Column).set(i, doc.size(), text_from_python(*label));
    else (doc.*Column).clear(i);
    forget_probability<Column>(doc, i);
  }, nb::arg("word"), nb::arg("label").none());
  c.def((name + "_column").c_str(), [](const Doc& doc) {
    return label_list(doc.*Column, doc.size());
  }, nb::sig(("def " + name + "_column(self) -> list[str | None]").c_str()));
  c.def(("set_" + name + "_column").c_str(), [](Doc& doc, nb::handle labels) { assign_labels<Column>(doc, labels); },
        nb::arg("labels").none(),
        nb::sig(("def set_" + name +
                 "_column(self, labels: collections.abc.Sequence[str | None] | None) -> None").c_str()));
  c.def((name + "_ids").c_str(),
        [](const Doc& doc) { return numpy_copy<int32_t>((doc.*Column).ids, doc.size(), kMissing); });
  c.def((name + "_labels").c_str(), [](const Doc& doc) {
    nb::list names;
    if ((doc.*Column).labels)
      for (const auto& label : (doc.*Column).labels->names()) names.append(text_to_python(label));
    return names;
  }, nb::sig(("def " + name + "_labels(self) -> list[str]").c_str()));
  c.def(("set_" + name + "_ids").c_str(),
        [](Doc& doc, const Ids& ids, nb::handle labels) { assign_ids<Column>(doc, ids, labels); }, nb::arg("ids"),
        nb::arg("labels"));
  c.def(("has_" + name).c_str(), [](const Doc& doc) {
    for (Label id : (doc.*Column).ids)
      if (id != kMissing) return true;
    return false;
  });
}

struct NumberRange {
  const char* name;
  int low, high;  // inclusive
};

template <typename Value>
void assign_numbers(std::vector<Value>& column, size_t n_words, const std::optional<std::vector<int>>& values,
                    const NumberRange& range) {
  if (!values) return column.clear();
  check_length(range.name, values->size(), n_words);
  for (int value : *values)
    if (value < range.low || value > range.high)
      throw Error(ErrorKind::text, std::string(range.name) + ": found " + std::to_string(value) + ", expected " +
                                       std::to_string(range.low) + " to " + std::to_string(range.high));
  column.resize(n_words);
  for (size_t i = 0; i < n_words; ++i) column[i] = Value((*values)[i]);
}

template <typename Value>
void assign_number(std::vector<Value>& column, const Doc& doc, size_t word, int value, const NumberRange& range,
                   Value missing) {
  if (value < range.low || value > range.high)
    throw Error(ErrorKind::text, std::string(range.name) + ": found " + std::to_string(value) + ", expected " +
                                     std::to_string(range.low) + " to " + std::to_string(range.high));
  if (column.empty()) column.assign(doc.size(), missing);
  column[word] = Value(value);
}

// name(i), set_name(i, value), name_column(), set_name_column(values), has_name().
template <typename Value, std::vector<Value> Doc::*Column, int Low, int High, int Missing>
void bind_numbers(nb::class_<Doc>& c, const char* name) {
  const std::string text(name);
  const auto range = [name](const Doc& doc) {
    return NumberRange{name, Low, High == INT32_MAX ? int(doc.size()) - 1 : High};
  };
  c.def(name, [](const Doc& doc, Py_ssize_t word) {
    const size_t i = checked_word(doc, word);
    return (doc.*Column).empty() ? Missing : int((doc.*Column)[i]);
  }, nb::arg("word"));
  c.def(("set_" + text).c_str(), [range](Doc& doc, Py_ssize_t word, int value) {
    const size_t i = checked_word(doc, word);
    assign_number(doc.*Column, doc, i, value, range(doc), Value(Missing));
    forget_probability<Column>(doc, i);
  }, nb::arg("word"), nb::arg("value"));
  c.def((text + "_column").c_str(), [](const Doc& doc) {
    std::vector<int> values(doc.size(), Missing);
    for (size_t i = 0; i < (doc.*Column).size(); ++i) values[i] = int((doc.*Column)[i]);
    return values;
  });
  c.def(("set_" + text + "_column").c_str(), [range](Doc& doc, const std::optional<std::vector<int>>& values) {
    assign_numbers(doc.*Column, doc.size(), values, range(doc));
    forget_probability<Column>(doc, std::nullopt);
  }, nb::arg("values").none());
  c.def(("has_" + text).c_str(), [](const Doc& doc) {
    for (Value value : doc.*Column)
      if (int(value) != Missing) return true;
    return false;
  });
}

}  // namespace

void bind_doc_columns(nb::class_<Doc>& c) {
  bind_doc_probabilities(c);
  bind_labels<&Doc::upos>(c, "upos");
  bind_labels<&Doc::xpos>(c, "xpos");
  bind_labels<&Doc::feats>(c, "feats");
  bind_labels<&Doc::deprel>(c, "deprel");
  bind_labels<&Doc::ent_type>(c, "ent_type");
  bind_numbers<int32_t, &Doc::head, -1, INT32_MAX, -1>(c, "head");
  bind_numbers<SentStart, &Doc::sent_start, -1, 1, 0>(c, "sent_start");
  bind_numbers<Iob, &Doc::iob, 0, 3, 0>(c, "iob");

  c.def("heads", [](const Doc& doc) { return numpy_copy<int32_t>(doc.head, doc.size(), kMissing); });
  c.def("sent_starts", [](const Doc& doc) { return numpy_copy<int8_t>(doc.sent_start, doc.size(), int8_t(0)); });
  c.def("iobs", [](const Doc& doc) { return numpy_copy<uint8_t>(doc.iob, doc.size(), uint8_t(0)); });

  c.def("lemma", [](const Doc& doc, Py_ssize_t word) {
    const size_t i = checked_word(doc, word);
    return text_or_none(doc.lemma.is_set(i), doc.lemma.get(i));
  }, nb::arg("word"), nb::sig("def lemma(self, word: int) -> str | None"));
  c.def("set_lemma", [](Doc& doc, Py_ssize_t word, std::optional<nb::str> lemma) {
    const size_t i = checked_word(doc, word);
    if (lemma) doc.lemma.set(i, doc.size(), text_from_python(*lemma));
    else doc.lemma.clear(i);
  }, nb::arg("word"), nb::arg("lemma").none());
  c.def("lemma_column", [](const Doc& doc) {
    nb::list lemmas;
    for (size_t i = 0; i < doc.size(); ++i) lemmas.append(text_or_none(doc.lemma.is_set(i), doc.lemma.get(i)));
    return lemmas;
  }, nb::sig("def lemma_column(self) -> list[str | None]"));
  c.def("set_lemma_column", [](Doc& doc, nb::handle lemmas) {
    StringColumn column;
    if (!lemmas.is_none()) {
      const Texts texts = texts_from_python(lemmas, "lemmas");
      check_length("lemmas", texts.size(), doc.size());
      for (size_t i = 0; i < texts.size(); ++i)
        if (texts[i]) column.set(i, texts.size(), *texts[i]);
    }
    doc.lemma = std::move(column);
  }, nb::arg("lemmas").none(),
     nb::sig("def set_lemma_column(self, lemmas: collections.abc.Sequence[str | None] | None) -> None"));
  c.def("has_lemma", [](const Doc& doc) {
    for (size_t i = 0; i < doc.size(); ++i)
      if (doc.lemma.is_set(i)) return true;
    return false;
  });
}
