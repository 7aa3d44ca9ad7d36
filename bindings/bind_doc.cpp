// Doc: how one is made, and the text its words stand on. Annotations are in bind_doc_columns.cpp; treelet.doc is the Python face.
#include "bindings/doc_columns.h"
#include "doc/entities.h"
#include "doc/offsets.h"
#include "doc/sentences.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

std::vector<std::string> words_from_python(nb::handle list) {
  std::vector<std::string> words;
  for (nb::handle word : list) words.push_back(checked_text(word, "words"));
  return words;
}

// White space that Python's str.isspace knows, or nothing.
std::string checked_whitespace(nb::handle value, const char* where) {
  std::string text = checked_text(value, where);
  if (!text.empty() && text != " " && !nb::cast<bool>(value.attr("isspace")()))
    throw Error(ErrorKind::text, std::string(where) + ": found '" + text + "', expected white space alone or nothing");
  return text;
}

// One call for a document: surface tokens, the words of each (an empty list: the token itself), the white space after each.
Doc doc_from_tokens(nb::handle leading, const nb::list& surfaces, const nb::list& words, const nb::list& whitespace) {
  if (surfaces.size() != words.size() || surfaces.size() != whitespace.size())
    throw Error(ErrorKind::text, "found " + std::to_string(surfaces.size()) + " surfaces, " +
                                     std::to_string(words.size()) + " lists of words and " +
                                     std::to_string(whitespace.size()) + " white spaces, expected as many of each");
  Doc doc;
  doc.text = checked_whitespace(leading, "leading");
  for (size_t i = 0; i < surfaces.size(); ++i)
    doc.add_token(checked_text(surfaces[i], "surfaces"), words_from_python(words[i]),
                  checked_whitespace(whitespace[i], "whitespace"));
  return doc;
}

}  // namespace

void bind_doc(nb::module_& m) {
  nb::class_<Doc> c(m, "Doc");
  c.def(nb::init<>())
      .def("__len__", &Doc::size)
      .def("copy", [](const Doc& doc) { return Doc(doc); })
      .def("bare", &Doc::bare, nb::arg("sentences"))
      .def_static("from_tokens", &doc_from_tokens, nb::arg("leading"), nb::arg("surfaces"), nb::arg("words"),
                  nb::arg("whitespace"),
                  nb::sig("def from_tokens(leading: str, surfaces: list[str], words: list[list[str]], "
                          "whitespace: list[str]) -> Doc"))
      .def_static("from_offsets", [](nb::str text, const std::vector<int32_t>& starts, const std::vector<int32_t>& ends,
                                     const std::vector<int>& parts, nb::handle forms) {
        const Texts form_texts = texts_from_python(forms, "forms");
        return doc_from_offsets(text_from_python(text), WordOffsets{starts, ends, parts, form_texts});
      }, nb::arg("text"), nb::arg("starts"), nb::arg("ends"), nb::arg("parts"), nb::arg("forms"),
         nb::sig("def from_offsets(text: str, starts: collections.abc.Sequence[int], ends: collections.abc.Sequence[int], "
                 "parts: collections.abc.Sequence[int], forms: collections.abc.Sequence[str | None]) -> Doc"))
      .def("add_token", [](Doc& doc, nb::str surface, nb::handle words, nb::str whitespace) {
        doc.add_token(text_from_python(surface), words_from_python(words), checked_whitespace(whitespace, "whitespace"));
      }, nb::arg("surface"), nb::arg("words"), nb::arg("whitespace"),
         nb::sig("def add_token(self, surface: str, words: collections.abc.Sequence[str], whitespace: str) -> None"))
      .def_prop_ro("text", [](const Doc& doc) { return text_to_python(doc.text); })
      .def("leading_whitespace", [](const Doc& doc) { return text_to_python(doc.leading_whitespace()); })
      .def("surface", [](const Doc& doc, Py_ssize_t word) {
        return text_to_python(doc.surface(checked_word(doc, word)));
      }, nb::arg("word"))
      .def("word", [](const Doc& doc, Py_ssize_t word) { return text_to_python(doc.word(checked_word(doc, word))); },
           nb::arg("word"))
      .def("whitespace", [](const Doc& doc, Py_ssize_t word) {
        return text_to_python(doc.whitespace(checked_word(doc, word)));
      }, nb::arg("word"))
      .def("part", [](const Doc& doc, Py_ssize_t word) { return int(doc.part[checked_word(doc, word)]); },
           nb::arg("word"))
      .def("has_form", [](const Doc& doc, Py_ssize_t word) { return doc.form.is_set(checked_word(doc, word)); },
           nb::arg("word"))
      .def("surface_column", [](const Doc& doc) {
        nb::list texts;
        for (size_t i = 0; i < doc.size(); ++i) texts.append(text_to_python(doc.surface(i)));
        return texts;
      }, nb::sig("def surface_column(self) -> list[str]"))
      .def("word_column", [](const Doc& doc) {
        nb::list texts;
        for (size_t i = 0; i < doc.size(); ++i) texts.append(text_to_python(doc.word(i)));
        return texts;
      }, nb::sig("def word_column(self) -> list[str]"))
      .def("whitespace_column", [](const Doc& doc) {
        nb::list texts;
        for (size_t i = 0; i < doc.size(); ++i) texts.append(text_to_python(doc.whitespace(i)));
        return texts;
      }, nb::sig("def whitespace_column(self) -> list[str]"))
      .def("part_column", [](const Doc& doc) {
        std::vector<int> parts;
        for (TokenPart part : doc.part) parts.push_back(int(part));
        return parts;
      })
      .def("sentence_starts", &sentence_starts, "The first word of each sentence; one sentence where none are known.")
      .def("entity_spans", [](const Doc& doc) {
        nb::list spans;
        for (const EntitySpan& span : entity_spans(doc))
          spans.append(nb::make_tuple(span.first, span.end, text_to_python(span.type)));
        return spans;
      }, nb::sig("def entity_spans(self) -> list[tuple[int, int, str]]"), "First word, end (not included) and type.")
      .def("char_starts", [](const Doc& doc) { return code_point_offsets(doc.text, doc.byte_start); })
      .def("char_ends", [](const Doc& doc) { return code_point_offsets(doc.text, doc.byte_end); });
  bind_doc_columns(c);
}
