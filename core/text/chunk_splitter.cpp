#include "text/chunk_splitter.h"

#include <algorithm>

#include "base/error.h"
#include "text/chunk_reader.h"

namespace treelet {

namespace {

// A word of a text costs as much time and memory as its rules are long, so a small package cannot ask for much of either.
constexpr size_t kMostPhrase = 256, kMostWords = 64;  // code points of an exception and of a word of it; its words
constexpr size_t kMostTried = 1000;                   // strings of a list that is tried one by one
constexpr size_t kMostEnclitics = 200;                // of all rules: up to three of them are tried together

std::u32string decode(std::string_view text) {
  std::u32string out;
  for (size_t i = 0; i < text.size();) {
    const CodePoint c = decode_utf8(text, i);
    out += c.value;
    i += size_t(c.bytes);
  }
  return out;
}

std::vector<std::u32string> longest_first(const std::vector<std::string>& strings) {
  std::vector<std::u32string> out;
  for (const auto& string : strings) out.push_back(decode(string));
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
  return out;
}

bool is_lower(const std::u32string& text) {
  return std::all_of(text.begin(), text.end(), [](char32_t c) { return to_lower(c) == c; });
}

[[noreturn]] void refuse(const std::string& phrase, const std::string& problem) {
  throw Error(ErrorKind::package, "tokenizer rules, exceptions, '" + phrase + "': " + problem);
}

void check_phrases(const char* section, const std::vector<std::string>& phrases) {
  for (const auto& phrase : phrases) {
    if (phrase.empty())
      throw Error(ErrorKind::package, std::string("tokenizer rules, ") + section + ": an entry is empty");
    if (count_code_points(phrase) > kMostPhrase)
      throw Error(ErrorKind::package, std::string("tokenizer rules, ") + section + ": an entry is longer than 256 characters");
    for (char32_t c : decode(phrase))
      if (is_space(c))
        throw Error(ErrorKind::package,
                    std::string("tokenizer rules, ") + section + ", '" + phrase + "': holds white space");
  }
}

void check_tried(const char* section, size_t entries) {
  if (entries > kMostTried)
    throw Error(ErrorKind::package, std::string("tokenizer rules, ") + section + ": found " +
                                        std::to_string(entries) + " entries, expected 1000 at most");
}

void check_enclitics(const std::vector<EncliticRule>& rules) {
  size_t found = rules.size();
  for (const auto& rule : rules) found += rule.words.size() + rule.stems.size();
  if (found > kMostEnclitics)
    throw Error(ErrorKind::package, "tokenizer rules, enclitics: found " + std::to_string(found) +
                                        " rules, words and stems, expected 200 at most");
}

char32_t one_character(const std::string& text) {
  const std::u32string characters = decode(text);
  if (characters.size() != 1)
    throw Error(ErrorKind::package, "tokenizer rules, joiners, '" + text + "': expected a single character");
  return characters[0];
}

}  // namespace

const char* rule_name(Rule rule) {
  static constexpr const char* names[] = {"emoticon",  "url",    "email",        "domain_or_file",
                                          "exception", "number", "abbreviation", "word",
                                          "clitic",    "elision", "emoji",       "punctuation"};
  return names[size_t(rule)];
}

ChunkSplitter::ChunkSplitter(const TokenizerRules& rules)
    : addresses_{longest_first(rules.url_schemes), StringSet(rules.top_level_domains),
                 StringSet(rules.file_extensions)},
      abbreviations_(rules.abbreviations),
      before_lower_(rules.abbreviations_before_lower),
      before_digit_(rules.abbreviations_before_digit),
      units_(rules.units),
      hyphen_prefixes_(rules.hyphen_prefixes),
      clitic_endings_(rules.hyphen_clitic_endings),
      clitics_(longest_first(rules.clitics)),
      hyphen_clitics_(longest_first(rules.hyphen_clitics)),
      elisions_(longest_first(rules.elisions)),
      split_hyphens_(rules.split_hyphens),
      split_apostrophes_(rules.split_apostrophes),
      dangling_hyphens_(rules.dangling_hyphens),
      number_words_(rules.number_words),
      ordinals_(rules.ordinals) {
  check_tried("url_schemes", rules.url_schemes.size());
  check_tried("clitics", rules.clitics.size());
  check_tried("hyphen_clitics", rules.hyphen_clitics.size());
  check_tried("elisions", rules.elisions.size());
  check_tried("joiners", rules.joiners.size());
  check_enclitics(rules.enclitics);
  check_phrases("emoticons", rules.emoticons);
  check_phrases("clitics", rules.clitics);
  check_phrases("hyphen_clitics", rules.hyphen_clitics);
  check_phrases("elisions", rules.elisions);
  check_phrases("joiners", rules.joiners);
  for (const auto& joiner : rules.joiners) joiners_ += one_character(joiner);
  for (const auto& rule : rules.enclitics) enclitics_.push_back(compile(rule));
  for (const auto& clitic : clitics_) final_apostrophe_ = final_apostrophe_ || clitic == U"'";
  for (const auto& emoticon : rules.emoticons) emoticons_.add(emoticon, 0);
  for (const auto& [phrase, analysis] : rules.exceptions) {
    check_phrases("exceptions", {phrase});
    exceptions_.push_back(compile(phrase, analysis));
    (is_lower(decode(phrase)) ? folded_ : exact_).add(phrase, int32_t(exceptions_.size()) - 1);
  }
}

ChunkSplitter::Enclitics ChunkSplitter::compile(const EncliticRule& rule) {
  check_phrases("enclitics", rule.words);
  Enclitics out;
  for (const auto& [ending, written] : rule.stems) {
    check_phrases("enclitics", {ending, written});
    out.stems.push_back({decode(ending), written == ending ? std::string() : written});
  }
  out.words = longest_first(rule.words);
  return out;
}

ChunkSplitter::Exception ChunkSplitter::compile(const std::string& phrase, const Analysis& analysis) const {
  Exception out;
  std::string joined;  // what single-word and plainly cut tokens add up to
  size_t n_words = 0;
  for (const auto& words : analysis) {
    ExceptionToken token;
    uint32_t end = 0;
    if (words.empty()) refuse(phrase, "a token has no words");
    for (const auto& word : words) {
      if (word.empty()) refuse(phrase, "a word is empty");
      if (++n_words > kMostWords) refuse(phrase, "has more than 64 words");
      if (count_code_points(word) > kMostPhrase) refuse(phrase, "a word is longer than 256 characters");
      joined += word;
      end += uint32_t(count_code_points(word));
      token.borders.push_back(end);
    }
    out.push_back(std::move(token));
  }
  if (out.empty()) refuse(phrase, "has no tokens");
  const bool cut = joined == phrase;
  if (!cut && (out.size() > 1 || analysis[0].size() < 2))
    refuse(phrase,
           "its tokens make '" + joined + "'; only the words of a single token may differ from the text");
  if (cut) return out;
  out[0].borders.clear();
  for (int32_t byte : share_surface(phrase, analysis[0]))
    out[0].borders.push_back(uint32_t(count_code_points(std::string_view(phrase).substr(0, size_t(byte)))));
  out[0].borders.push_back(uint32_t(count_code_points(phrase)));
  out[0].forms = analysis[0];
  return out;
}

void ChunkSplitter::split(std::string_view chunk, Following following, Window& window, Pieces& out) const {
  size_t offset = 0;
  while (offset < chunk.size()) {
    const size_t taken = window.fill(chunk.substr(offset), following);
    const bool is_last = offset + taken == chunk.size();
    offset += Reader(*this, window, out, uint32_t(offset)).read(is_last);
  }
}

}  // namespace treelet
