#include "annotators/edit_tree.h"

#include <algorithm>
#include <utility>

#include "annotators/case_map.h"
#include "base/error.h"
#include "base/unicode.h"
#include "base/utf8.h"

namespace treelet {

namespace {

constexpr int kDeepest = 300;       // a tree of make() is at most as deep as half of kLongest characters allow
constexpr int kLargestCount = 99999;
constexpr size_t kLongestLabel = 20'000;  // characters: a word that a tree rewrites may get a lemma as long

[[noreturn]] void damaged(std::u32string_view label, size_t at, const char* expected) {
  std::string shown;
  for (char32_t c : label.substr(0, 60)) append_utf8(shown, c);
  throw Error(ErrorKind::package, "labels: edit tree \"" + shown + "\": character " + std::to_string(at) +
                                      ": expected " + expected + "; the label is damaged");
}

int parse_count(std::u32string_view label, size_t& at, char32_t end) {
  const size_t start = at;
  int value = 0;
  for (; at < label.size() && label[at] >= '0' && label[at] <= '9'; ++at) {
    value = value * 10 + int(label[at] - '0');
    if (value > kLargestCount) damaged(label, at, "a smaller number");
  }
  if (at == start) damaged(label, at, "a number");
  if (end == 0) return value;
  if (at >= label.size() || label[at] != end) damaged(label, at, "','");
  ++at;
  return value;
}

}  // namespace

std::u32string decode_text(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const CodePoint c = decode_utf8(text, i);
    out += c.value;
    i += size_t(c.bytes);
  }
  return out;
}

std::u32string lower_text(std::u32string_view text) {
  std::u32string out(text);
  for (char32_t& c : out) c = to_lower(c);
  return out;
}

EditTree::EditTree(std::string_view label) {
  const std::u32string text = decode_text(label);
  if (text.size() > kLongestLabel) damaged(text, kLongestLabel, "a shorter label");
  if (text.empty() || std::u32string_view(U"lktu").find(text[0]) == std::u32string_view::npos)
    damaged(text, 0, "l, k, t or u");
  case_ = char(text[0]);
  size_t at = 1;
  parse(text, at, 0);
  if (at != text.size()) damaged(text, at, "the end");
  for (Node& node : nodes_) {
    for (const auto& [from, to] : {std::pair{&node.source, &node.ascii_source}, {&node.target, &node.ascii_target}}) {
      for (const char32_t c : *from) {
        is_ascii_ &= c < 0x80;
        to->push_back(char(c));
      }
    }
  }
}

int EditTree::parse(std::u32string_view label, size_t& at, int depth) {
  if (depth > kDeepest) damaged(label, at, "a shallower tree");
  if (at >= label.size()) damaged(label, at, "-, < or [");
  const int node = int(nodes_.size());
  nodes_.emplace_back();
  switch (label[at++]) {
    case '-': break;
    case '<':
      nodes_[size_t(node)].source = parse_text(label, at, '/');
      nodes_[size_t(node)].target = parse_text(label, at, '>');
      break;
    case '[': {
      const int prefix = parse_count(label, at, ',');
      const int suffix = parse_count(label, at, 0);
      const int left = parse(label, at, depth + 1);
      const int right = parse(label, at, depth + 1);
      if (at >= label.size() || label[at] != ']') damaged(label, at, "']'");
      ++at;
      Node& made = nodes_[size_t(node)];
      made.prefix = prefix;
      made.suffix = suffix;
      made.left = left;
      made.right = right;
      break;
    }
    default: damaged(label, at - 1, "-, < or [");
  }
  return node;
}

std::u32string EditTree::parse_text(std::u32string_view label, size_t& at, char32_t end) const {
  std::u32string text;
  for (; at < label.size() && label[at] != end; ++at) {
    if (label[at] == '\\' && ++at >= label.size()) break;
    text += label[at];
  }
  if (at >= label.size()) damaged(label, at, "/ or >");
  ++at;
  return text;
}

template <class Char>
bool EditTree::rewrite(int index, std::basic_string_view<Char> text, std::basic_string<Char>& out) const {
  const Node& node = nodes_[size_t(index)];
  if (node.prefix < 0) {
    if (text != node.from(Char())) return false;
    out += node.to(Char());
    return true;
  }
  const size_t prefix = size_t(node.prefix), suffix = size_t(node.suffix);
  if (prefix + suffix >= text.size()) return false;
  if (!rewrite(node.left, text.substr(0, prefix), out)) return false;
  out += text.substr(prefix, text.size() - prefix - suffix);
  return rewrite(node.right, text.substr(text.size() - suffix), out);
}

bool EditTree::apply(TreeForm& form, std::string& lemma) const {
  lemma.clear();
  if (is_ascii_ && form.is_ascii_) return apply_ascii(form, lemma);
  form.decode();
  std::u32string out;
  if (!rewrite<char32_t>(0, case_ == 'k' ? form.characters_ : form.lowered_, out)) return false;
  if (case_ == 't' && !out.empty()) out[0] = to_upper(out[0]);
  if (case_ == 'u')
    for (char32_t& c : out) c = to_upper(c);
  for (char32_t c : out) append_utf8(lemma, c);
  return true;
}

// The same without decoding, which most words of many languages do not need.
bool EditTree::apply_ascii(const TreeForm& form, std::string& lemma) const {
  if (!rewrite<char>(0, case_ == 'k' ? form.text_ : std::string_view(form.lower_), lemma)) return false;
  const size_t cased = case_ == 'u' ? lemma.size() : case_ == 't' ? std::min<size_t>(1, lemma.size()) : 0;
  for (size_t i = 0; i < cased; ++i) lemma[i] = char(to_upper(char32_t(lemma[i])));
  return true;
}

void TreeForm::read(std::string_view text) {
  text_ = text;
  lower_.assign(text);
  is_decoded_ = false;
  unsigned char all = 0;
  for (char& c : lower_) {
    all |= static_cast<unsigned char>(c);
    c = char(c + (c >= 'A' && c <= 'Z' ? 'a' - 'A' : 0));
  }
  is_ascii_ = all < 0x80;
}

void TreeForm::decode() {
  if (is_decoded_) return;
  characters_ = decode_text(text_);
  lowered_ = lower_text(characters_);
  is_decoded_ = true;
}

}  // namespace treelet
