// The matcher of words: what joins their parts, the periods of abbreviations, and the clitics at their ends.
#include <algorithm>

#include "text/chunk_reader.h"

namespace treelet {

namespace {

constexpr size_t kMaxWithClitic = 64;  // code points; longer words are taken as they are

// Place of the last hyphen in [from, to), or `from`.
size_t last_hyphen(const Window& w, size_t from, size_t to) {
  while (to > from && !w.hyphen(--to)) {
  }
  return to;
}

// Portuguese infinitives lose their r before -lo and -la: torná-la-ia is tornaria la.
void restore_infinitive(std::string& verb) {
  constexpr std::pair<std::string_view, std::string_view> endings[] = {
      {"á", "ar"}, {"ê", "er"}, {"í", "ir"}, {"ô", "or"}};
  for (const auto& [accented, infinitive] : endings) {
    if (!verb.ends_with(accented)) continue;
    verb.replace(verb.size() - accented.size(), accented.size(), infinitive);
    return;
  }
}

}  // namespace

// Whether the character at `at`, no word character itself, holds together what stands around it. `segment` is
// where the run of word characters before it starts.
bool ChunkSplitter::Reader::joins(size_t segment, size_t at) const {
  const char32_t c = w_.raw[at];
  if (c == U'_') return true;
  if (rules_.joiners_.find(c) != std::u32string::npos) return w_.word(at - 1) && w_.alpha(at + 1);
  if (w_.apostrophe(at) && rules_.split_apostrophes_) return false;
  if (w_.apostrophe(at) && rules_.number_words_ && w_.digit(at - 1)) return w_.alpha(at + 1);  // 1923'te
  if (w_.apostrophe(at) || c == U'*') return w_.alpha(at - 1) && w_.alpha(at + 1);
  if (c == U'&') return w_.alpha(at - 1) && w_.alpha(at + 1) && (w_.upper(at - 1) || at - segment == 1);
  if (c == U'.') return at - segment == 1 && w_.alpha(segment) && w_.alpha(at + 1) && !w_.word(at + 2);
  if (!w_.hyphen(at) || !w_.word(at + 1)) return false;
  return !rules_.split_hyphens_ || rules_.hyphen_prefixes_.contains_lower(w_, segment, at);
}

size_t ChunkSplitter::Reader::word_end(size_t from) const {
  size_t segment = from, end = from;
  while (end < w_.size) {
    if (w_.word(end)) {
      ++end;
    } else if (end > from && joins(segment, end)) {
      segment = ++end;
    } else {
      break;
    }
  }
  if (w_.raw[end] == U'$' && end - from <= 3 && !w_.word(end + 1) && w_.upper(end - 1))
    return end + 1;  // US$
  if (w_.raw[end] == U'$' && end - from <= 3 && w_.digit(end + 1) && w_.upper(end - 1)) return end + 1;
  return end;
}

// Whether the period at `end` belongs to the word before it. At the end of a paragraph it closes the
// sentence.
bool ChunkSplitter::Reader::keeps_period(size_t end, bool is_acronym) const {
  if (w_.raw[end] != U'.') return false;
  const bool closed = w_.raw[end + 1] == U'.';  // by a period of the sentence's own: "Inc.."
  if (closed && w_.raw[end + 2] == U'.') return false;
  const bool is_last = end + 1 == w_.size;
  const Following next = is_last             ? w_.following
                         : w_.digit(end + 1) ? Following::digit
                                             : Following::lower_or_other;
  const bool initial = end == at_ + 1 && w_.upper(at_);
  const auto listed = [&](const StringSet& set) {
    return set.contains_lower(w_, at_, end) || set.contains(w_.bytes(at_, end));
  };
  if (!initial && listed(rules_.before_digit_)) return next == Following::digit;
  if (next == Following::paragraph_end) return false;
  if (listed(rules_.before_lower_)) return next != Following::upper;
  return initial || is_acronym || listed(rules_.abbreviations_);
}

bool ChunkSplitter::Reader::read_word() {
  if (!w_.word(at_)) return false;
  const bool times = w_.lower[at_] == U'x' && at_ > 0 && w_.digit(at_ - 1) && w_.digit(at_ + 1);  // 3x5
  if (times) return take(at_ + 1, Rule::word);
  const size_t end = with_dangling_hyphen(word_end(at_));
  const bool is_acronym = end > at_ + 2 && w_.raw[end - 2] == U'.';
  if (keeps_period(end, is_acronym)) return take(end + 1, Rule::abbreviation);
  return read_hyphen_clitic(end) || read_enclitics(end) || read_clitics(end) || take(end, Rule::word);
}

// Where the last clitic of the word [from, to) starts, or `from`.
size_t ChunkSplitter::Reader::clitic_start(size_t from, size_t to) const {
  if (to > w_.size || to - from > kMaxWithClitic) return from;
  for (const auto& clitic : rules_.clitics_) {
    if (to - from <= clitic.size()) continue;
    const size_t start = to - clitic.size();
    bool same = w_.word(start - 1);
    for (size_t i = 0; same && i < clitic.size(); ++i)
      same = clitic[i] == w_.lower[start + i] || (clitic[i] == U'\'' && w_.apostrophe(start + i));
    if (same) return start;
  }
  return from;
}

bool ChunkSplitter::Reader::read_clitics(size_t end) {
  std::vector<size_t> starts;
  if (rules_.final_apostrophe_ && w_.apostrophe(end) && w_.lower[end - 1] == U's' && !w_.word(end + 1) &&
      end > at_ + 1) {
    bool quoted = false;
    for (size_t i = at_ - std::min<size_t>(at_, kMaxWithClitic); i < at_; ++i)
      quoted = quoted || w_.apostrophe(i) || w_.raw[i] == 0x2018;
    if (!quoted) starts.push_back(end++);
  }
  for (size_t stem = starts.empty() ? end : starts[0];;) {
    const size_t start = clitic_start(at_, stem);
    if (start == at_) break;
    starts.push_back(start);
    stem = start;
  }
  if (starts.empty()) return false;
  size_t from = at_;
  for (size_t k = starts.size(); k-- > 0; from = starts[k])
    emit(from, starts[k], from == at_ ? TokenPart::first : TokenPart::later, Rule::clitic);
  emit(from, end, TokenPart::later, Rule::clitic);
  at_ = end;
  return true;
}

// fez-se = fez se; poder-se-á = poderá se. The words are the token's letters without the hyphens.
bool ChunkSplitter::Reader::read_hyphen_clitic(size_t end) {
  if (rules_.hyphen_clitics_.empty() || end - at_ > kMaxWithClitic) return false;
  const size_t last = last_hyphen(w_, at_, end);
  if (last == at_) return false;
  size_t hyphen = last, clitic_end = end;
  if (!is_hyphen_clitic(last + 1, end)) {  // perhaps an ending behind the clitic
    hyphen = last_hyphen(w_, at_, last);
    clitic_end = last;
    if (hyphen == at_ || !is_hyphen_clitic(hyphen + 1, last)) return false;
    if (!rules_.clitic_endings_.contains_lower(w_, last + 1, end)) return false;
  }
  if (!w_.alpha(hyphen - 1) || (w_.upper(hyphen - 1) && !w_.upper(hyphen + 1))) return false;

  emit(at_, hyphen, TokenPart::first, Rule::clitic);
  if (clitic_end != end) {
    std::string verb(w_.bytes(at_, hyphen));
    if (w_.lower[hyphen + 1] == U'l' && w_.lower[hyphen + 2] != U'h') restore_infinitive(verb);
    set_form(verb + std::string(w_.bytes(clitic_end + 1, end)));
  }
  emit(hyphen, end, TokenPart::later, Rule::clitic);
  set_form(std::string(w_.bytes(hyphen + 1, clitic_end)));
  at_ = end;
  return true;
}

bool ChunkSplitter::Reader::is_hyphen_clitic(size_t from, size_t to) const {
  const auto& clitics = rules_.hyphen_clitics_;
  return std::any_of(clitics.begin(), clitics.end(), [&](const std::u32string& clitic) {
    return clitic.size() == to - from &&
           std::equal(clitic.begin(), clitic.end(), w_.lower.begin() + long(from));
  });
}

}  // namespace treelet
