// The matchers of what some languages write on a word or number: elided words before it, words behind it, and
// the hyphens, letters and periods that belong to it. Each is off unless the language's rules ask for it.
#include <algorithm>

#include "text/chunk_reader.h"

namespace treelet {

namespace {

constexpr size_t kMaxWithEnclitics = 64;  // code points; longer words are taken as they are
constexpr size_t kMostEnclitics = 3;      // of one word: dándosemelo
constexpr size_t kMostSearches = 32;      // for them, in one word
constexpr size_t kOrdinalDigits = 2;      // a longer number with a period is a year at the end of a sentence

}  // namespace

// Whether `text`, in lower case, stands at `at`; "'" stands for any apostrophe.
bool ChunkSplitter::Reader::stands_at(const std::u32string& text, size_t at) const {
  if (at + text.size() > w_.size) return false;
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] != w_.lower[at + i] && !(text[i] == U'\'' && w_.apostrophe(at + i))) return false;
  return true;
}

// l'eau = l' eau
bool ChunkSplitter::Reader::read_elision() {
  if (rules_.elisions_.empty() || (at_ > 0 && w_.word(at_ - 1))) return false;
  for (const auto& elision : rules_.elisions_)
    if (stands_at(elision, at_)) return take(at_ + elision.size(), Rule::elision);
  return false;
}

// "huis- en tuinwerk", "tuotteet tai -palvelut": the half of a compound that is written keeps its hyphen.
bool ChunkSplitter::Reader::read_dangling_front() {
  if (!rules_.dangling_hyphens_ || !w_.hyphen(at_) || (at_ > 0 && w_.word(at_ - 1))) return false;
  if (!w_.alpha(at_ + 1) || w_.upper(at_ + 1)) return false;
  return take(word_end(at_ + 1), Rule::word);
}

size_t ChunkSplitter::Reader::with_dangling_hyphen(size_t end) const {
  const bool dangles = rules_.dangling_hyphens_ && w_.hyphen(end) && w_.alpha(end - 1) && !w_.word(end + 1) &&
                       !w_.hyphen(end + 1);
  return end + dangles;
}

bool ChunkSplitter::Reader::read_number() {
  const NumberParts parts{rules_.units_, rules_.split_hyphens_, rules_.number_words_};
  size_t end = match_number(w_, at_, parts);
  if (end == at_) return false;
  if (rules_.number_words_ && w_.word(end - 1) && w_.alpha(end + 1) && joins(at_, end))
    return take(word_end(end + 1), Rule::number);
  if (is_ordinal(end)) ++end;
  return take(end, Rule::number);
}

// Whether the period behind the digits [at_, end) is theirs. At the end of a paragraph it closes the sentence.
bool ChunkSplitter::Reader::is_ordinal(size_t end) const {
  if (!rules_.ordinals_ || w_.raw[end] != U'.' || end - at_ > kOrdinalDigits || w_.word(end + 1)) return false;
  for (size_t i = at_; i < end; ++i)
    if (!w_.digit(i)) return false;
  if (end + 1 == w_.size) return w_.following != Following::paragraph_end;
  return w_.raw[end + 1] != U'.';
}

// Fills `starts` with where the enclitics of [at_, to) begin, the last first. Returns how the ending of the word
// before them is written, or null where they are none. `searches`: how many are left.
const ChunkSplitter::Stem* ChunkSplitter::Reader::find_enclitics(size_t to, std::vector<size_t>& starts,
                                                                 size_t& searches) const {
  if (starts.size() >= kMostEnclitics || searches == 0) return nullptr;
  --searches;
  for (const auto& rule : rules_.enclitics_) {
    for (const auto& word : rule.words) {
      if (to - at_ <= word.size() || !stands_at(word, to - word.size())) continue;
      const size_t start = to - word.size();
      starts.push_back(start);
      for (const auto& stem : rule.stems)
        if (start - at_ >= stem.ending.size() && stands_at(stem.ending, start - stem.ending.size()))
          return &stem;
      if (const Stem* stem = find_enclitics(start, starts, searches)) return stem;
      starts.pop_back();
    }
  }
  return nullptr;
}

// dándoselo = dando se lo
bool ChunkSplitter::Reader::read_enclitics(size_t end) {
  if (rules_.enclitics_.empty() || end - at_ > kMaxWithEnclitics) return false;
  std::vector<size_t> starts;
  size_t searches = kMostSearches;
  const Stem* stem = find_enclitics(end, starts, searches);
  if (!stem) return false;
  const size_t first = starts.back(), ending = first - stem->ending.size();
  emit(at_, first, TokenPart::first, Rule::clitic);
  const bool lower = !w_.upper(first - 1);
  if (!stem->written.empty() && lower) set_form(std::string(w_.bytes(at_, ending)) + stem->written);
  for (size_t k = starts.size(); k-- > 0;)
    emit(starts[k], k ? starts[k - 1] : end, TokenPart::later, Rule::clitic);
  at_ = end;
  return true;
}

}  // namespace treelet
