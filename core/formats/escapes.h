// What a format cannot hold as it is: places of control characters and quotes, and lone surrogates as escapes.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "formats/byte_buffer.h"

namespace treelet {

namespace bytes8 {

constexpr uint64_t kOnes = 0x0101010101010101, kHighBits = 0x8080808080808080;

// A high bit where a byte is less than `limit` (at most 0x80); bytes after the first such one may be wrong.
constexpr uint64_t below(uint64_t bytes, uint8_t limit) { return (bytes - kOnes * limit) & ~bytes & kHighBits; }

inline uint64_t load(const char* from) {
  uint64_t bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

}  // namespace bytes8

// Position of the first control character (below U+0020) at or after `from`, or text.size().
inline size_t find_control(std::string_view text, size_t from = 0) {
  size_t i = from;
  while (i + 8 <= text.size() && !bytes8::below(bytes8::load(text.data() + i), 0x20)) i += 8;
  while (i < text.size() && uint8_t(text[i]) >= 0x20) ++i;
  return i;
}

// The same, or the first quotation mark or backslash: what a JSON string escapes.
inline size_t find_json_special(std::string_view text, size_t from = 0) {
  using namespace bytes8;
  size_t i = from;
  for (; i + 8 <= text.size(); i += 8) {
    const uint64_t bytes = load(text.data() + i);
    if (below(bytes, 0x20) | below(bytes ^ (kOnes * '"'), 1) | below(bytes ^ (kOnes * '\\'), 1)) break;
  }
  while (i < text.size() && uint8_t(text[i]) >= 0x20 && text[i] != '"' && text[i] != '\\') ++i;
  return i;
}

bool holds_surrogate(std::string_view text);

// `\udc80` for each lone surrogate: the text is UTF-8 then.
void put_surrogates_escaped(std::string_view text, ByteBuffer& out);

// `\u00e9` for everything but printable ASCII, two of them past U+FFFF: what JSON says in ASCII alone.
void put_ascii_escaped(std::string_view json, ByteBuffer& out);

}  // namespace treelet
