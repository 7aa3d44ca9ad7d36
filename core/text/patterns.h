// Hand-written matchers of what a language's rules hardly touch: addresses, file names, numbers, punctuation,
// emoji. Each looks at a place in a window where a token may start and returns the end of its token, or
// `begin` for no match. All look ahead a bounded distance or no farther than the token they return, so that
// splitting stays linear.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/window.h"

namespace treelet {

// A few strings, looked up by bytes.
class StringSet {
 public:
  StringSet() = default;
  explicit StringSet(std::vector<std::string> strings);
  bool contains(std::string_view string) const;
  // The same for [from, to) of the window in lower case.
  bool contains_lower(const Window& w, size_t from, size_t to) const;
  const std::vector<std::string>& strings() const { return strings_; }

 private:
  std::vector<std::string> strings_;  // sorted
  size_t longest_ = 0;                // bytes
};

struct AddressParts {
  std::vector<std::u32string> schemes;  // "http://", "www."
  StringSet top_level_domains, file_extensions;
};

size_t match_url(const Window& w, size_t begin, const AddressParts& parts);
// `scanned`: where the look ahead ended; after a failure no e-mail address, domain or file name starts before
// it.
size_t match_email(const Window& w, size_t begin, size_t& scanned);
size_t match_domain_or_file(const Window& w, size_t begin, const AddressParts& parts, size_t& scanned);
struct NumberParts {
  const StringSet& units;  // letters that are a token of their own behind digits
  bool split_hyphens;
  bool words;  // all other letters belong to the number; otherwise three small ones and more are a token (3days)
};

// Digits with separators inside (1,000.5 10:30 9/11/2001 713-853-3989), and letters behind them that are no
// unit.
size_t match_number(const Window& w, size_t begin, const NumberParts& parts);
size_t match_emoji(const Window& w, size_t begin);
// Runs that are one token (... !! -- ==>), or one character.
size_t match_punctuation(const Window& w, size_t begin);

}  // namespace treelet
