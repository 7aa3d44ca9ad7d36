#include "features/gap_features.h"

#include <algorithm>

#include "base/unicode.h"
#include "base/utf8.h"

namespace treelet {

namespace {

enum Space { kNoSpace, kSeveral, kLine, kBlank, kSpaces };
enum Mark { kStop, kAbbreviation, kEllipsis, kQuestion, kExclamation, kColon, kSemicolon, kComma, kDash, kRule, kOther,
            kWord, kMarks };
enum Next { kTitle, kCaps, kLower, kLetter, kDigits, kBullet, kNextRule, kNextMark, kNextOther, kCloser, kNexts };
enum Before { kBeforeTitle, kBeforeCaps, kBeforeLower, kBeforeDigits, kNumber, kAddress, kBeforeOther, kBefores };
constexpr int kThrough = 3;   // none, quote, bracket
constexpr size_t kMostThrough = 3;  // words looked through on each side

const char* const kSpaceNames[] = {"none", "several", "line", "blank"};
const char* const kMarkNames[] = {"stop",      "abbreviation", "ellipsis", "question", "exclamation", "colon",
                                  "semicolon", "comma",        "dash",     "rule",     "other",       "word"};
const char* const kNextNames[] = {"title", "caps", "lower", "letter", "digit",
                                  "bullet", "rule", "mark", "other", "closer"};
const char* const kBeforeNames[] = {"title", "caps", "lower", "digit", "number", "address", "other"};
const char* const kThroughNames[] = {"none", "quote", "bracket"};
const char* const kBareNames[] = {"bare", "wrapped"};

constexpr int32_t kMarkRow = kSpaces;
constexpr int32_t kNextRow = kMarkRow + kMarks * kThrough;
constexpr int32_t kPairRow = kNextRow + kNexts * kThrough;
constexpr int32_t kBeforeRow = kPairRow + kMarks * 2 * kNexts * 2;
constexpr int32_t kBeforeNextRow = kBeforeRow + kBefores;
constexpr int32_t kRows = kBeforeNextRow + kBefores * kNexts;

std::vector<std::string> make_names() {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) { names.push_back(name); };
  for (auto space : kSpaceNames) add(std::string("space=") + space);
  for (auto mark : kMarkNames)
    for (auto through : kThroughNames) add(std::string("mark=") + mark + "," + through);
  for (auto next : kNextNames)
    for (auto through : kThroughNames) add(std::string("next=") + next + "," + through);
  for (auto mark : kMarkNames)
    for (auto closed : kBareNames)
      for (auto next : kNextNames)
        for (auto opened : kBareNames)
          add(std::string("mark+next=") + mark + "," + closed + "," + next + "," + opened);
  for (auto before : kBeforeNames) add(std::string("before=") + before);
  for (auto before : kBeforeNames)
    for (auto next : kNextNames) add(std::string("before+next=") + before + "," + next);
  return names;
}

bool is_rule_character(char32_t c) {
  return c == '-' || c == '_' || c == '=' || c == '*' || c == '~' || c == '#' || c == '+' || c == 0x2013 || c == 0x2014;
}

uint8_t closing(char32_t c) {
  switch (c) {
    case '"': case '\'': case 0x201D: case 0x2019: case 0xBB: return 1;
    case ')': case ']': case '}': return 2;
    default: return 0;
  }
}

uint8_t opening(char32_t c) {
  switch (c) {
    case '"': case '\'': case '`': case 0x201C: case 0x2018: case 0x201E: case 0xAB: return 1;
    case '(': case '[': case '{': case 0xBF: case 0xA1: return 2;
    default: return 0;
  }
}

// What one pass over a word's characters finds.
struct Scan {
  char32_t first = 0, last = 0, before_last = 0;
  int length = 0;
  bool has_lower = false, has_alpha = false, has_digit = false, all_rule = true;
  bool list_number = true;  // digits, then nothing but . or )
  bool at = false, slash = false;   // @ and / inside
};

Scan scan(std::string_view word) {
  Scan s;
  for (size_t i = 0; i < word.size();) {
    const auto byte = uint8_t(word[i]);
    const CodePoint decoded = byte < 0x80 ? CodePoint{byte, 1} : decode_utf8(word, i);
    const char32_t c = decoded.value;
    i += size_t(decoded.bytes);
    const uint8_t classes = char_classes(c);
    if (s.length++ == 0) s.first = c;
    s.before_last = s.last;
    s.last = c;
    if (classes & kAlpha) {
      s.has_alpha = true;
      if (!(classes & kUpper)) s.has_lower = true;
    }
    if (classes & kDigit) s.has_digit = true;
    s.all_rule = s.all_rule && is_rule_character(c);
    s.list_number = s.list_number && ((classes & kDigit) || c == '.' || c == ')');
    s.at = s.at || c == '@';
    s.slash = s.slash || c == '/';
  }
  s.list_number = s.list_number && s.has_digit && s.length <= 3;
  return s;
}

Mark mark_of(const Scan& s) {
  switch (s.last) {
    case 0x2026: return kEllipsis;
    case '.': return s.before_last == '.' ? kEllipsis : s.length == 1 ? kStop : kAbbreviation;
    case 0x3002: case 0x0964: return kStop;
    case '?': case 0xFF1F: case 0x061F: return kQuestion;
    case '!': case 0xFF01: return kExclamation;
    case ':': return kColon;
    case ';': return kSemicolon;
    case ',': return kComma;
    default: break;
  }
  if (s.has_alpha || s.has_digit) return kWord;
  if (s.all_rule) return s.length > 2 ? kRule : kDash;
  return kOther;
}

Next next_of(const Scan& s) {
  const uint8_t classes = char_classes(s.first);
  if (classes & kDigit) return kDigits;
  if (classes & kUpper) return s.length > 1 && !s.has_lower ? kCaps : kTitle;
  if (classes & kAlpha) {
    // Latin, Greek, Cyrillic and Armenian have cases; other scripts are taken to have none.
    return s.first < 0x0590 || (s.first >= 0x1E00 && s.first < 0x2000) ? kLower : kLetter;
  }
  if (s.length == 1 && (s.first == '-' || s.first == '*' || s.first == 0x2022 || s.first == 0x2013 ||
                        s.first == 0x2014 || s.first == 0xB7 || s.first == '>' || s.first == '+'))
    return kBullet;
  if (s.all_rule) return kNextRule;
  switch (s.first) {
    case '.': case ',': case ';': case ':': case '!': case '?': case 0x2026: return kNextMark;
    default: return kNextOther;
  }
}

Before before_of(std::string_view word, const Scan& s) {
  if ((s.at && s.length > 4) || (s.slash && word.find("://") != word.npos) || word.starts_with("www.")) return kAddress;
  if (s.list_number) return kNumber;
  const uint8_t classes = char_classes(s.first);
  if (classes & kDigit) return kBeforeDigits;
  if (classes & kUpper) return s.length > 1 && !s.has_lower ? kBeforeCaps : kBeforeTitle;
  return classes & kAlpha ? kBeforeLower : kBeforeOther;
}

GapWord read_word(std::string_view word) {
  const Scan s = scan(word);
  GapWord found{uint8_t(mark_of(s)), uint8_t(next_of(s)), uint8_t(before_of(word, s)), 0, 0};
  const bool doubled = s.length == 2 && s.first == s.last && (s.first == '\'' || s.first == '`');
  if (s.length == 1 || doubled) {
    found.closes = closing(s.first);
    found.opens = opening(s.first);
  }
  return found;
}

int32_t space_row(std::string_view space) {
  if (space == " ") return kNoRow;
  if (space.empty()) return kNoSpace;
  const auto lines = std::count(space.begin(), space.end(), '\n');
  return lines > 1 ? kBlank : lines == 1 ? kLine : kSeveral;
}

}  // namespace

const std::vector<std::string>& gap_row_names() {
  static const std::vector<std::string> names = make_names();
  return names;
}

int gap_row_count() { return kRows; }

void read_gap_words(const Doc& doc, WordRange range, GapWords& words) {
  words.first = range.begin;
  words.read.resize(range.size());
  for (size_t i = range.begin; i < range.end; ++i) words.read[i - range.begin] = read_word(doc.word(i));
}

GapRows gap_rows(const Doc& doc, const GapWords& gap_words, size_t word) {
  const auto& words = gap_words.read;
  const auto space_after = [&](size_t at) { return doc.whitespace(gap_words.first + at); };
  const size_t at = word - gap_words.first;
  const std::string_view space = space_after(at - 1);
  size_t last = at - 1, first = at;
  int closed = 0, opened = 0;
  while (last > 0 && at - last <= kMostThrough && words[last].closes && space_after(last - 1).empty())
    closed = words[last--].closes;
  while (first + 1 < words.size() && first - at < kMostThrough && words[first].opens && space_after(first).empty())
    opened = words[first++].opens;
  const int32_t mark = words[last].closes ? int32_t(kOther) : words[last].mark;
  const int32_t next = first == at && words[at].closes && space.empty() ? int32_t(kCloser) : words[first].next;
  const int32_t before = words[at - 1].before;
  return {space_row(space),
          kMarkRow + mark * kThrough + closed,
          kNextRow + next * kThrough + opened,
          kPairRow + ((mark * 2 + (closed > 0)) * kNexts + next) * 2 + (opened > 0),
          kBeforeRow + before,
          kBeforeNextRow + before * kNexts + next};
}

}  // namespace treelet
