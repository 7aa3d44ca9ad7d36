#include "text/chunk_reader.h"

namespace treelet {

namespace {

// Upper case for the letters that Western European contractions are written with; others stay.
char32_t to_upper_latin(char32_t c) {
  if (c >= U'a' && c <= U'z') return c - 32;
  return c >= 0xE0 && c <= 0xFE && c != 0xF7 ? c - 32 : c;
}

enum class Casing { as_given, first_upper, all_upper };

Casing casing_of(const Window& w, size_t from, size_t to) {
  if (!w.upper(from)) return Casing::as_given;
  size_t letters = 0, upper = 0;
  for (size_t i = from; i < to; ++i) letters += w.alpha(i), upper += w.upper(i);
  return letters > 1 && upper == letters ? Casing::all_upper : Casing::first_upper;
}

std::string recase(const std::string& word, Casing casing) {
  if (casing == Casing::as_given) return word;
  std::string out;
  for (size_t i = 0; i < word.size();) {
    const CodePoint c = decode_utf8(word, i);
    append_utf8(out, i == 0 || casing == Casing::all_upper ? to_upper_latin(c.value) : c.value);
    i += size_t(c.bytes);
  }
  return out;
}

}  // namespace

void ChunkSplitter::Reader::emit(size_t from, size_t to, TokenPart part, Rule rule) {
  out_.pieces.push_back({offset_ + w_.byte[from], offset_ + w_.byte[to], -1, part, rule});
}

void ChunkSplitter::Reader::set_form(std::string form) {
  out_.pieces.back().form = int32_t(out_.forms.size());
  out_.forms.push_back(std::move(form));
}

bool ChunkSplitter::Reader::take(size_t end, Rule rule) {
  if (end == at_) return false;
  emit(at_, end, TokenPart::whole, rule);
  at_ = end;
  return true;
}

size_t ChunkSplitter::Reader::read(bool is_last) {
  constexpr size_t kOverlap = 1024;  // a window is left where a longer look ahead would meet its end
  const size_t stop = is_last ? w_.size : w_.size - kOverlap;
  while (at_ < stop) {
    if (read_emoticon()) continue;
    if (read_address() || read_exception() || read_elision() || read_domain_or_file()) continue;
    if (read_number()) continue;
    if (take(match_emoji(w_, at_), Rule::emoji)) continue;
    if (read_word() || read_name() || read_dangling_front()) continue;
    take(match_punctuation(w_, at_), Rule::punctuation);
  }
  return w_.byte[at_];
}

bool ChunkSplitter::Reader::read_address() {
  if (!w_.word(at_)) return false;
  if (take(match_url(w_, at_, rules_.addresses_), Rule::url)) return true;
  return at_ >= no_email_before_ && take(match_email(w_, at_, no_email_before_), Rule::email);
}

bool ChunkSplitter::Reader::read_domain_or_file() {
  return w_.word(at_) && at_ >= no_domain_before_ &&
         take(match_domain_or_file(w_, at_, rules_.addresses_, no_domain_before_), Rule::domain_or_file);
}

// @mention, #topic, @host.com
bool ChunkSplitter::Reader::read_name() {
  const bool sign = w_.raw[at_] == U'@' || w_.raw[at_] == U'#';
  if (!sign || !w_.alpha(at_ + 1) || (at_ > 0 && w_.word(at_ - 1))) return false;
  size_t scanned = 0;
  const size_t domain = match_domain_or_file(w_, at_ + 1, rules_.addresses_, scanned);
  return take(domain > at_ + 1 ? domain : word_end(at_ + 1), Rule::word);
}

bool ChunkSplitter::Reader::read_emoticon() {
  if (at_ > 0 && w_.word(at_ - 1) && w_.word(at_)) return false;
  size_t best = 0;
  rules_.emoticons_.match(&w_.raw[at_], w_.size - at_, [&](size_t length, int32_t) {
    const size_t end = at_ + length;
    if (!w_.word(end) && w_.raw[end] != w_.raw[end - 1] && w_.raw[end] != U'/') best = length;
  });
  // A closing bracket with a colon before it and an opening one in the chunk is no face: "(see:)".
  for (size_t i = 0; best && i < at_ && at_ < 64; ++i)
    if (w_.raw[i] == U'(' && w_.raw[at_ + best - 1] == U')') return false;
  return best && take(at_ + best, Rule::emoticon);
}

bool ChunkSplitter::Reader::border_after(size_t end) const {
  if (w_.word(end) && w_.word(end - 1)) return false;
  if (w_.raw[end] == U'.' && w_.raw[end - 1] == U'.') return false;
  if (w_.apostrophe(end) && w_.alpha(end + 1) && clitic_start(at_, end + 3) == at_) return !w_.word(end - 1);
  return rules_.split_hyphens_ || !w_.word(end - 1) || !w_.hyphen(end) || !w_.word(end + 1);
}

bool ChunkSplitter::Reader::read_exception() {
  if (at_ > 0 && w_.word(at_) && (w_.word(at_ - 1) || (!rules_.split_hyphens_ && w_.hyphen(at_ - 1))))
    return false;
  size_t best = 0;
  int32_t found = -1;
  const auto keep_longest = [&](size_t length, int32_t value) {
    if (length >= best && border_after(at_ + length)) best = length, found = value;
  };
  rules_.folded_.match(&w_.lower[at_], w_.size - at_, keep_longest);
  rules_.exact_.match(&w_.raw[at_], w_.size - at_, keep_longest);
  if (found < 0) return false;
  emit_exception(rules_.exceptions_[size_t(found)]);
  at_ += best;
  return true;
}

void ChunkSplitter::Reader::emit_exception(const Exception& exception) {
  size_t from = at_;
  for (const auto& token : exception) {
    const size_t begin = from, n_words = token.borders.size();
    const Casing casing = token.forms.empty() ? Casing::as_given
                                              : casing_of(w_, begin, begin + token.borders.back());
    for (size_t k = 0; k < n_words; ++k) {
      const size_t to = begin + token.borders[k];
      emit(from, to,
           n_words == 1 ? TokenPart::whole
           : k == 0     ? TokenPart::first
                        : TokenPart::later,
           Rule::exception);
      if (!token.forms.empty())
        set_form(recase(token.forms[k], k > 0 && casing == Casing::first_upper ? Casing::as_given : casing));
      from = to;
    }
  }
}

}  // namespace treelet
