// Splits one chunk of text without white space into tokens and words, by a language's rules. Reads from left
// to right: where a token may start, the first matcher that fits takes it, so exceptions hold between any two
// tokens of a chunk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "doc/doc.h"
#include "text/patterns.h"
#include "text/phrase_trie.h"
#include "text/tokenizer_rules.h"

namespace treelet {

// Which matcher made a token: for people who ask why.
enum class Rule : uint8_t {
  emoticon,
  url,
  email,
  domain_or_file,
  exception,
  number,
  abbreviation,
  word,
  clitic,
  elision,
  emoji,
  punctuation
};
const char* rule_name(Rule rule);

// One word of a split chunk: bytes from the chunk's start, and its form where it is not the surface.
struct Piece {
  uint32_t begin, end;
  int32_t form = -1;  // index into Pieces::forms
  TokenPart part = TokenPart::whole;
  Rule rule = Rule::word;
};

struct Pieces {
  std::vector<Piece> pieces;
  std::vector<std::string> forms;
  void clear() { pieces.clear(), forms.clear(); }
};

class ChunkSplitter {
 public:
  // Throws Error(package) naming the rule that cannot be.
  explicit ChunkSplitter(const TokenizerRules& rules);

  // Appends to `out`; time and memory linear in the chunk. `window` is scratch.
  void split(std::string_view chunk, Following following, Window& window, Pieces& out) const;

 private:
  struct ExceptionToken {
    std::vector<uint32_t> borders;   // code points at which its words end, the last one its length
    std::vector<std::string> forms;  // of the words; empty where they are their surfaces
  };
  using Exception = std::vector<ExceptionToken>;
  struct Stem {
    std::u32string ending;
    std::string written;  // the ending of the word's form; empty where it is as in the text
  };
  struct Enclitics {
    std::vector<Stem> stems;
    std::vector<std::u32string> words;  // the longest first
  };
  class Reader;  // one pass over one window

  Exception compile(const std::string& phrase, const Analysis& analysis) const;
  static Enclitics compile(const EncliticRule& rule);

  std::vector<Exception> exceptions_;
  PhraseTrie exact_, folded_, emoticons_;
  AddressParts addresses_;
  StringSet abbreviations_, before_lower_, before_digit_, units_, hyphen_prefixes_, clitic_endings_;
  std::vector<std::u32string> clitics_, hyphen_clitics_, elisions_;  // the longest first
  std::vector<Enclitics> enclitics_;
  std::u32string joiners_;
  bool final_apostrophe_ = false;                         // "the parents' house": a clitic of one apostrophe
  bool split_hyphens_ = false, split_apostrophes_ = false, dangling_hyphens_ = false, number_words_ = false,
       ordinals_ = false;
};

}  // namespace treelet
