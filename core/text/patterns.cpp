#include "text/patterns.h"

#include <algorithm>

namespace treelet {

StringSet::StringSet(std::vector<std::string> strings) : strings_(std::move(strings)) {
  std::sort(strings_.begin(), strings_.end());
  for (const auto& string : strings_) longest_ = std::max(longest_, string.size());
}

bool StringSet::contains(std::string_view string) const {
  return string.size() <= longest_ &&
         std::binary_search(strings_.begin(), strings_.end(), string, std::less<>());
}

bool StringSet::contains_lower(const Window& w, size_t from, size_t to) const {
  if (to - from > longest_) return false;
  std::string lowered;
  for (size_t i = from; i < to; ++i) append_utf8(lowered, w.lower[i]);
  return contains(lowered);
}

namespace {

size_t digits_end(const Window& w, size_t i) {
  while (i < w.size && w.digit(i)) ++i;
  return i;
}

int value_of(const Window& w, size_t from, size_t to) {
  int value = 0;
  for (size_t i = from; i < to && value < 100'000; ++i) value = 10 * value + int(w.raw[i] - U'0');
  return value;
}

// A month and a day rather than a fraction or a pair: 9/11, 5/18, 3/03, but not 3/4, 19/20.
bool is_month_and_day(const Window& w, size_t month, size_t slash, size_t day, size_t end) {
  const int m = value_of(w, month, slash), d = value_of(w, day, end);
  return slash - month <= 2 && end - day <= 2 && m >= 1 && m <= 12 && d >= 1 && d <= 31 &&
         (d >= 10 || m >= d || w.raw[day] == U'0');
}

// Groups of digits between slashes or hyphens, from `begin` on: the end of those that are one date or
// telephone number.
size_t grouped_end(const Window& w, size_t begin, size_t first_end, bool split_hyphens) {
  const char32_t separator = w.raw[first_end];
  size_t end = first_end, groups = 1, last = begin;
  bool mixed = false;
  while (end < w.size && (w.raw[end] == U'/' || w.hyphen(end)) && w.digit(end + 1)) {
    mixed = mixed || w.raw[end] != separator;
    last = end + 1;
    end = digits_end(w, last);
    ++groups;
  }
  if (groups == 1) return first_end;
  if (groups > 2 || mixed || (separator != U'/' && !split_hyphens)) return end;
  if (separator == U'/') return is_month_and_day(w, begin, first_end, last, end) ? end : first_end;
  const size_t left = first_end - begin, right = end - last;
  const bool telephone = right == 4 && (left == 3 || left == 1);
  const bool postal = right == 4 && left == 5;
  return telephone || postal ? end : first_end;
}

// Letters that follow digits: behind them if they are part of the word (20th, 4G), before them if they are a
// unit.
size_t letters_end(const Window& w, size_t digits, const NumberParts& parts) {
  const StringSet& units = parts.units;
  size_t end = digits;
  while (end < w.size && w.word(end)) ++end;
  size_t letters = digits;
  while (letters < end && w.alpha(letters)) ++letters;
  if (letters == digits + 1 && w.raw[letters] == U'.' && w.alpha(letters + 1)) return digits;  // 5p.m.
  if (letters < end && w.lower[digits] == U'x' && letters == digits + 1 && units.contains("x"))
    return digits;                                     // 3x5
  bool spelled = !parts.words && letters == end && end - digits >= 3;  // 3days
  for (size_t i = digits; spelled && i < end; ++i) spelled = !w.upper(i);
  return spelled || (letters == end && units.contains(w.bytes(digits, end))) ? digits : end;
}

bool is_art(char32_t c) {
  return c != 0 && c < 0x80 && std::string_view("-=_*+~|<>^#{}").find(char(c)) != std::string_view::npos;
}
bool is_arrow(char32_t c) { return c == U'-' || c == U'=' || c == U'<' || c == U'>'; }
bool is_sentence_mark(char32_t c) { return c == U'.' || c == U'!' || c == U'?' || c == U','; }

bool is_bracket_or_quote(char32_t c) {
  switch (c) {
    case U'(':
    case U')':
    case U'[':
    case U']':
    case U'{':
    case U'}':
    case U'"':
    case U'%':
    case U'/':
    case U';': return true;
    default: return c == 0x201C || c == 0x201D || c == 0xAB || c == 0xBB;
  }
}

// "..." stands apart from "?!", but ".?" and ",?" are slips of one stroke.
size_t sentence_marks_end(const Window& w, size_t begin) {
  size_t dots = begin;
  while (w.raw[dots] == U'.') ++dots;
  if (dots > begin + 1) return dots;
  if (w.raw[begin] == U',' && w.raw[begin + 1] != U',' && w.raw[begin + 1] != U'?') return begin + 1;
  size_t end = begin + 1;
  while (w.raw[end] == U'!' || w.raw[end] == U'?' || (w.raw[end] == w.raw[begin]) ||
         (w.raw[end] == U'.' && end + 1 == w.size))
    ++end;
  return end;
}

}  // namespace

size_t match_number(const Window& w, size_t begin, const NumberParts& parts) {
  size_t start = begin;
  if (w.raw[start] == U'+' || ((w.raw[start] == U'.' || w.raw[start] == U',') && start == 0)) ++start;
  if (w.apostrophe(start) && w.digit(start + 1) && w.digit(start + 2) && w.raw[start + 3] == U's' &&
      start + 4 <= w.size)
    return start + 4;  // '90s
  if (!w.digit(start)) return begin;
  const size_t first_end = digits_end(w, start);
  size_t end = grouped_end(w, start, first_end, parts.split_hyphens);
  if (end == first_end) {
    while ((w.raw[end] == U'.' || w.raw[end] == U',' || w.raw[end] == U':') && w.digit(end + 1))
      end = digits_end(w, end + 1);
  }
  if (w.apostrophe(end) && w.raw[end + 1] == U's' && !w.word(end + 2) && end + 2 <= w.size)
    return end + 2;  // 60's
  return w.word(end) ? letters_end(w, end, parts) : end;
}

size_t match_emoji(const Window& w, size_t begin) {
  const auto regional = [&](size_t i) { return w.raw[i] >= 0x1F1E6 && w.raw[i] <= 0x1F1FF; };
  if (regional(begin) && regional(begin + 1)) return begin + 2;
  if (!(w.classes[begin] & kPictograph)) return begin;
  size_t end = begin + 1;
  while (end < w.size) {
    const bool modifier = w.raw[end] == 0xFE0F || (w.raw[end] >= 0x1F3FB && w.raw[end] <= 0x1F3FF) ||
                          w.raw[end] == 0x20E3;
    const bool joined = w.raw[end] == 0x200D && (w.classes[end + 1] & (kPictograph | kSymbol));
    if (!modifier && !joined) break;
    end += joined ? 2 : 1;
  }
  return end;
}

size_t match_punctuation(const Window& w, size_t begin) {
  const char32_t first = w.raw[begin];
  if (is_sentence_mark(first)) return sentence_marks_end(w, begin);
  if (is_art(first)) {
    size_t end = begin, arrow = begin;
    while (begin == 0 && is_art(w.raw[end])) ++end;
    while (is_arrow(w.raw[arrow])) ++arrow;
    if (begin == 0 && end == w.size) return end;  // a line drawn with characters
    if (arrow > begin + 1) return arrow;
  }
  const bool single_quotes = first == 0x2018 || first == 0x2019;
  if (is_bracket_or_quote(first)) return begin + 1;
  size_t end = begin + 1;
  while (end < w.size &&
         (w.raw[end] == first || (single_quotes && (w.raw[end] == 0x2018 || w.raw[end] == 0x2019))))
    ++end;
  return end;
}

}  // namespace treelet
