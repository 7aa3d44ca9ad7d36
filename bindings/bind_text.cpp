// Tokenizer: rules as a JSON document in, documents out.
#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>

#include "base/error.h"
#include "bindings/convert.h"
#include "bindings/json_reader.h"
#include "bindings/released_gil.h"
#include "bindings/tokenizer_object.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

[[noreturn]] void refuse(const std::string& where, const std::string& problem) {
  throw Error(ErrorKind::package, "tokenizer rules, " + where + ": " + problem);
}

std::string string_of(nb::handle value, const std::string& where) {
  if (!nb::isinstance<nb::str>(value)) refuse(where, "expected a string");
  return text_from_python(value);
}

std::vector<std::string> strings_of(nb::handle value, const std::string& where) {
  if (!nb::isinstance<nb::list>(value)) refuse(where, "expected a list of strings");
  std::vector<std::string> out;
  for (nb::handle item : nb::borrow<nb::list>(value)) out.push_back(string_of(item, where));
  return out;
}

std::vector<std::pair<std::string, Analysis>> exceptions_of(nb::handle value) {
  if (!nb::isinstance<nb::dict>(value)) refuse("exceptions", "expected an object");
  std::vector<std::pair<std::string, Analysis>> out;
  for (auto [key, tokens] : nb::borrow<nb::dict>(value)) {
    const std::string phrase = string_of(key, "exceptions");
    if (!nb::isinstance<nb::list>(tokens))
      refuse("exceptions, '" + phrase + "'", "expected a list of tokens");
    Analysis analysis;
    for (nb::handle words : nb::borrow<nb::list>(tokens))
      analysis.push_back(strings_of(words, "exceptions, '" + phrase + "'"));
    out.emplace_back(phrase, std::move(analysis));
  }
  return out;
}

// [{"stems": {"ándo": "ando"}, "words": ["se"]}]
std::vector<EncliticRule> enclitics_of(nb::handle value) {
  if (!nb::isinstance<nb::list>(value)) refuse("enclitics", "expected a list of objects");
  std::vector<EncliticRule> out;
  for (nb::handle item : nb::borrow<nb::list>(value)) {
    if (!nb::isinstance<nb::dict>(item)) refuse("enclitics", "expected an object with stems and words");
    const nb::dict rule = nb::borrow<nb::dict>(item);
    if (rule.size() != 2 || !rule.contains("stems") || !rule.contains("words") ||
        !nb::isinstance<nb::dict>(rule["stems"]))
      refuse("enclitics", "expected stems, from an ending to how it is written, and words, a list");
    EncliticRule read;
    for (auto [ending, written] : nb::borrow<nb::dict>(rule["stems"]))
      read.stems.emplace_back(string_of(ending, "enclitics, stems"), string_of(written, "enclitics, stems"));
    read.words = strings_of(rule["words"], "enclitics, words");
    out.push_back(std::move(read));
  }
  return out;
}

TokenizerRules rules_of(nb::handle document) {
  if (!nb::isinstance<nb::dict>(document)) refuse("the document", "expected an object");
  TokenizerRules rules;
  const std::pair<const char*, std::vector<std::string>*> lists[] = {
      {"emoticons", &rules.emoticons},
      {"abbreviations", &rules.abbreviations},
      {"abbreviations_before_lower", &rules.abbreviations_before_lower},
      {"abbreviations_before_digit", &rules.abbreviations_before_digit},
      {"clitics", &rules.clitics},
      {"hyphen_clitics", &rules.hyphen_clitics},
      {"hyphen_clitic_endings", &rules.hyphen_clitic_endings},
      {"elisions", &rules.elisions},
      {"joiners", &rules.joiners},
      {"hyphen_prefixes", &rules.hyphen_prefixes},
      {"units", &rules.units},
      {"url_schemes", &rules.url_schemes},
      {"top_level_domains", &rules.top_level_domains},
      {"file_extensions", &rules.file_extensions}};
  const std::pair<const char*, bool*> flags[] = {{"split_hyphens", &rules.split_hyphens},
                                                 {"split_apostrophes", &rules.split_apostrophes},
                                                 {"dangling_hyphens", &rules.dangling_hyphens},
                                                 {"number_words", &rules.number_words},
                                                 {"ordinals", &rules.ordinals}};
  for (auto [key, value] : nb::borrow<nb::dict>(document)) {
    const std::string name = string_of(key, "the document");
    if (name == "language") {
      rules.language = string_of(value, name);
    } else if (name == "enclitics") {
      rules.enclitics = enclitics_of(value);
    } else if (name == "exceptions") {
      rules.exceptions = exceptions_of(value);
    } else {
      bool known = false;
      for (const auto& [list, target] : lists) {
        if (name != list) continue;
        *target = strings_of(value, name);
        known = true;
      }
      for (const auto& [flag, target] : flags) {
        if (name != flag) continue;
        if (!nb::isinstance<nb::bool_>(value)) refuse(name, "expected true or false");
        *target = nb::cast<bool>(value);
        known = true;
      }
      if (!known) refuse(name, "is not a rule that this version knows");
    }
  }
  return rules;
}

void open(TokenizerObject* self, nb::str rules_json) {
  std::string rules = text_from_python(rules_json);
  nb::object document;
  try {
    document = read_json(rules);
  } catch (const Error& error) {
    refuse("the document", error.what());
  }
  auto tokenizer = std::make_shared<const Tokenizer>(rules_of(document));
  new (self) TokenizerObject{std::move(tokenizer), std::move(rules), Tokenizer::State(), {}};
}

Doc tokenize(TokenizerObject& self, std::string text) {
  Doc doc;
  const ReleasedGil release;
  std::unique_lock lock(self.state_lock, std::try_to_lock);
  if (lock) {
    self.tokenizer->tokenize(std::move(text), self.state, doc);
  } else {
    Tokenizer::State own;
    self.tokenizer->tokenize(std::move(text), own, doc);
  }
  return doc;
}

// (surface, words, white space behind) of every surface token.
using Tokens = nb::typed<nb::list, nb::typed<nb::tuple, nb::str, nb::typed<nb::list, nb::str>, nb::str>>;
Tokens tokens_of(const Doc& doc) {
  Tokens out;
  for (size_t first = 0, end = 0; first < doc.size(); first = end) {
    nb::list words;
    for (end = first; end < doc.size() && (end == first || doc.part[end] == TokenPart::later); ++end)
      words.append(text_to_python(doc.word(end)));
    const size_t from = size_t(doc.byte_start[first]), to = size_t(doc.byte_end[end - 1]);
    out.append(nb::make_tuple(text_to_python(std::string_view(doc.text).substr(from, to - from)), words,
                              text_to_python(doc.whitespace(end - 1))));
  }
  return out;
}

}  // namespace

void bind_text(nb::module_& m) {
  nb::class_<TokenizerObject>(m, "Tokenizer")
      .def("__init__", &open, nb::arg("rules_json"))
      .def_prop_ro("rules_json", [](const TokenizerObject& self) { return text_to_python(self.rules_json); })
      .def(
          "tokenize",
          [](TokenizerObject& self, nb::str text) { return tokenize(self, text_from_python(text)); },
          nb::arg("text"), "The words of a text, with their places and forms.")
      .def(
          "tokenize_batch",
          [](TokenizerObject& self, nb::typed<nb::list, nb::str> texts) {
            nb::typed<nb::list, Doc> docs;
            for (nb::handle text : texts)
              docs.append(tokenize(self, text_from_python(nb::cast<nb::str>(text))));
            return docs;
          },
          nb::arg("texts"), "The same for every text of a list.")
      .def(
          "tokenize_uncached",
          [](const TokenizerObject& self, nb::str text, size_t cached_chunks) {
            Doc doc;
            Tokenizer::State state(cached_chunks);
            self.tokenizer->tokenize(text_from_python(text), state, doc);
            return doc;
          },
          nb::arg("text"), nb::arg("cached_chunks") = 0, "With scratch of its own: for tests that compare.")
      .def(
          "tokens",
          [](TokenizerObject& self, nb::str text) {
            return tokens_of(tokenize(self, text_from_python(text)));
          },
          nb::arg("text"), "The surface tokens of a text: (surface, words, white space behind it).")
      .def(
          "explain",
          [](const TokenizerObject& self, nb::str text) {
            nb::typed<nb::list, nb::typed<nb::tuple, nb::str, nb::str>> out;
            for (const auto& [surface, rule] : self.tokenizer->explain(text_from_python(text)))
              out.append(nb::make_tuple(rule, text_to_python(surface)));
            return out;
          },
          nb::arg("text"), "For every word, the rule that made it and its surface.");
}
