#include "annotators/case_map.h"

#include <unordered_map>

#include "base/unicode.h"

namespace treelet {

namespace {

constexpr char32_t kLastCased = 0x1FFFF;  // cased letters end with Adlam, U+1E943

std::unordered_map<char32_t, char32_t> invert_lower_case() {
  std::unordered_map<char32_t, char32_t> upper;
  for (char32_t c = 0; c <= kLastCased; ++c)
    if (to_lower(c) != c) upper.try_emplace(to_lower(c), c);
  return upper;
}

}  // namespace

char32_t to_upper(char32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
  static const std::unordered_map<char32_t, char32_t> upper = invert_lower_case();
  const auto entry = upper.find(c);
  return entry == upper.end() ? c : entry->second;
}

}  // namespace treelet
