// EditTree::make: the longest common substring stays, what is left and right of it is rewritten the same way.
#include <algorithm>

#include "annotators/case_map.h"
#include "annotators/edit_tree.h"
#include "base/utf8.h"

namespace treelet {

namespace {

constexpr size_t kLongest = 256;  // longer strings are replaced whole: the search is quadratic

struct Common {
  size_t form = 0, lemma = 0, length = 0;
};

// The first of the longest common substrings.
Common longest_common(std::u32string_view form, std::u32string_view lemma) {
  Common best;
  std::vector<size_t> before(lemma.size() + 1, 0), now(lemma.size() + 1, 0);
  for (size_t i = 0; i < form.size(); ++i) {
    for (size_t j = 0; j < lemma.size(); ++j) {
      now[j + 1] = form[i] == lemma[j] ? before[j] + 1 : 0;
      if (now[j + 1] > best.length) best = {i + 1 - now[j + 1], j + 1 - now[j + 1], now[j + 1]};
    }
    std::swap(before, now);
  }
  return best;
}

struct Written {
  std::string text;
  size_t cost = 0;  // characters that the tree spells out
};

void write_text(std::u32string_view text, std::string& out) {
  for (char32_t c : text) {
    if (c == '\\' || c == '/' || c == '>') out += '\\';
    append_utf8(out, c);
  }
}

void write_tree(std::u32string_view form, std::u32string_view lemma, Written& out) {
  if (form.empty() && lemma.empty()) {
    out.text += '-';
    return;
  }
  Common common;
  if (form == lemma) {
    common.length = form.size();
  } else if (std::max(form.size(), lemma.size()) <= kLongest) {
    common = longest_common(form, lemma);
  }
  if (common.length == 0) {
    out.cost += form.size() + lemma.size();
    out.text += '<';
    write_text(form, out.text);
    out.text += '/';
    write_text(lemma, out.text);
    out.text += '>';
    return;
  }
  const size_t form_end = common.form + common.length;
  out.text += '[' + std::to_string(common.form) + ',' + std::to_string(form.size() - form_end);
  write_tree(form.substr(0, common.form), lemma.substr(0, common.lemma), out);
  write_tree(form.substr(form_end), lemma.substr(common.lemma + common.length), out);
  out.text += ']';
}

Written write(char case_letter, std::u32string_view form, std::u32string_view lemma) {
  Written out{std::string(1, case_letter), 0};
  write_tree(form, lemma, out);
  return out;
}

}  // namespace

std::string EditTree::make(std::string_view form_bytes, std::string_view lemma_bytes) {
  const std::u32string form = decode_text(form_bytes), lemma = decode_text(lemma_bytes);
  const std::u32string lower_form = lower_text(form), lower_lemma = lower_text(lemma);
  if (lemma == lower_lemma) return write('l', lower_form, lemma).text;

  Written best = write('k', form, lemma);
  std::u32string title = lower_lemma, upper = lower_lemma;
  title[0] = to_upper(title[0]);
  for (char32_t& c : upper) c = to_upper(c);
  if (title == lemma) {
    if (Written out = write('t', lower_form, lower_lemma); out.cost < best.cost) best = std::move(out);
  }
  if (upper == lemma) {
    if (Written out = write('u', lower_form, lower_lemma); out.cost < best.cost) best = std::move(out);
  }
  return best.text;
}

}  // namespace treelet
