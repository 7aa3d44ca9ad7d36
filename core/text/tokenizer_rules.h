// What a language's data file says about how its words are written. Plain data, filled by the bindings,
// checked by Tokenizer.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace treelet {

// Tokens, and the words of each: {{"do", "n't"}} is one token of two words, {{"any"}, {"more"}} two tokens.
using Analysis = std::vector<std::vector<std::string>>;

// Endings that are words of the same token behind certain others: "se" behind "ar" in "llamarse".
struct EncliticRule {
  std::vector<std::pair<std::string, std::string>> stems;  // what must stand before, and how the word is written
  std::vector<std::string> words;                          // ("ándo", "ando": "dándose" = "dando se")
};

// Entries written in lower case match any casing of the text; entries with an upper-case letter match
// exactly.
struct TokenizerRules {
  std::string language;
  std::vector<std::pair<std::string, Analysis>> exceptions;  // looked up wherever a token may start
  std::vector<std::string> emoticons;
  std::vector<std::string> abbreviations;  // keep their period, except at the end of a paragraph
  std::vector<std::string>
      abbreviations_before_lower;  // keep it before lower case and digits, or inside a chunk
  std::vector<std::string> abbreviations_before_digit;  // keep it before a digit alone ("no. 5")
  std::vector<std::string> clitics;  // endings that are words of the same token ("'s", "n't")
  std::vector<std::string>
      hyphen_clitics;  // the same after a hyphen, which no word keeps ("se" of "trata-se")
  std::vector<std::string> hyphen_clitic_endings;  // verb endings after such a clitic ("á" of "poder-se-á")
  std::vector<EncliticRule> enclitics;
  std::vector<std::string> elisions;               // beginnings that are tokens of their own ("l'" of "l'eau")
  std::vector<std::string> joiners;                // characters that join what they stand between (":" of "EU:n")
  std::vector<std::string> hyphen_prefixes;        // do not part from what follows the hyphen ("non")
  std::vector<std::string> units;                  // letters cut off a number ("mm"); matched exactly
  std::vector<std::string> url_schemes, top_level_domains, file_extensions;
  bool split_hyphens = false;      // well-known: one token or three
  bool split_apostrophes = false;  // letters around an apostrophe: one token or three
  bool dangling_hyphens = false;   // "in-" and "-uit" keep the hyphen of a half that stands elsewhere
  bool number_words = false;       // letters on a number are part of its token: 49ste, 24-jarige
  bool ordinals = false;           // a number of one or two digits keeps its period: 3. Mai
};

}  // namespace treelet
