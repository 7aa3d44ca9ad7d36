// UTF-8 in and out. Text may hold lone surrogates (three bytes each, "WTF-8"), so that every Python string has a form here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace treelet {

struct CodePoint {
  char32_t value;
  int bytes;  // length of its encoding, 1 to 4
};

// The code point that starts at `position` (< text.size()). An invalid byte decodes to itself, one byte long.
CodePoint decode_utf8(std::string_view text, size_t position);

void append_utf8(std::string& out, char32_t value);

// Number of code points: bytes that do not continue another.
size_t count_code_points(std::string_view text);

// Byte position of the first byte that is not UTF-8 (lone surrogates allowed), or npos.
size_t find_invalid_utf8(std::string_view text);

}  // namespace treelet
