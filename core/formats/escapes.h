// What a format cannot hold as it is: places of control characters and quotes, and lone surrogates as escapes.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "formats/byte_buffer.h"

namespace treelet {

// Eight bytes at a time: a high bit says yes.
namespace bytes8 {

constexpr uint64_t kOnes = 0x0101010101010101, kHighBits = 0x8080808080808080;

// Bytes less than `limit` (at most 0x80); what it says of bytes after the first such one may be wrong.
constexpr uint64_t below(uint64_t bytes, uint8_t limit) { return (bytes - kOnes * limit) & ~bytes & kHighBits; }

struct Controls {
  static uint64_t find(uint64_t bytes) { return below(bytes, 0x20); }
};

struct JsonSpecials {
  static uint64_t find(uint64_t bytes) {
    return below(bytes, 0x20) | below(bytes ^ (kOnes * '"'), 1) | below(bytes ^ (kOnes * '\\'), 1);
  }
};

template <typename Word>
uint64_t load(const char* from) {
  Word bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

// Whether any byte is one that Wanted finds. Short texts are read in overlapping pieces: most words are short.
template <class Wanted>
bool any(std::string_view text) {
  const char* const p = text.data();
  const size_t n = text.size();
  if (n >= 8) {
    for (size_t i = 0; i + 8 <= n; i += 8)
      if (Wanted::find(load<uint64_t>(p + i))) return true;
    return Wanted::find(load<uint64_t>(p + n - 8));
  }
  if (n >= 4) return Wanted::find(load<uint32_t>(p) | load<uint32_t>(p + n - 4) << 32);
  constexpr uint64_t kNeutral = kOnes * 'a' << 24;
  return n > 0 && Wanted::find(kNeutral | load<uint8_t>(p) | load<uint8_t>(p + n / 2) << 8 | load<uint8_t>(p + n - 1) << 16);
}

}  // namespace bytes8

// A control character, below U+0020.
inline bool holds_control(std::string_view text) { return bytes8::any<bytes8::Controls>(text); }

// A control character, a quotation mark or a backslash: what a JSON string escapes.
inline bool holds_json_special(std::string_view text) { return bytes8::any<bytes8::JsonSpecials>(text); }

bool holds_surrogate(std::string_view text);

// `\udc80` for each lone surrogate: the text is UTF-8 then.
void put_surrogates_escaped(std::string_view text, ByteBuffer& out);

// `\u00e9` for everything but printable ASCII, two of them past U+FFFF: what JSON says in ASCII alone.
void put_ascii_escaped(std::string_view json, ByteBuffer& out);

}  // namespace treelet
