#include "base/utf8.h"

namespace treelet {

namespace {

bool continues(std::string_view text, size_t position) {
  return position < text.size() && (uint8_t(text[position]) & 0xC0) == 0x80;
}

char32_t low6(char c) { return uint8_t(c) & 0x3F; }

// Length of the valid sequence at `position`, or 0.
int valid_length(std::string_view text, size_t position) {
  const uint8_t lead = uint8_t(text[position]);
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (!continues(text, position + 1)) return 0;
  if (lead < 0xE0) return 2;
  const uint8_t second = uint8_t(text[position + 1]);
  if (!continues(text, position + 2)) return 0;
  if (lead < 0xF0) return lead == 0xE0 && second < 0xA0 ? 0 : 3;
  if (lead > 0xF4 || !continues(text, position + 3)) return 0;
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
  return 4;
}

}  // namespace

CodePoint decode_utf8(std::string_view text, size_t position) {
  const char* p = text.data() + position;
  const char32_t lead = uint8_t(p[0]);
  switch (valid_length(text, position)) {
    case 2: return {((lead & 0x1F) << 6) | low6(p[1]), 2};
    case 3: return {((lead & 0x0F) << 12) | (low6(p[1]) << 6) | low6(p[2]), 3};
    case 4: return {((lead & 0x07) << 18) | (low6(p[1]) << 12) | (low6(p[2]) << 6) | low6(p[3]), 4};
    default: return {lead, 1};
  }
}

void append_utf8(std::string& out, char32_t value) {
  if (value < 0x80) {
    out += char(value);
  } else if (value < 0x800) {
    out += char(0xC0 | (value >> 6));
    out += char(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    out += char(0xE0 | (value >> 12));
    out += char(0x80 | ((value >> 6) & 0x3F));
    out += char(0x80 | (value & 0x3F));
  } else {
    out += char(0xF0 | (value >> 18));
    out += char(0x80 | ((value >> 12) & 0x3F));
    out += char(0x80 | ((value >> 6) & 0x3F));
    out += char(0x80 | (value & 0x3F));
  }
}

size_t count_code_points(std::string_view text) {
  size_t count = 0;
  for (char c : text) count += (uint8_t(c) & 0xC0) != 0x80;
  return count;
}

size_t find_invalid_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const int length = valid_length(text, i);
    if (length == 0) return i;
    i += size_t(length);
  }
  return std::string_view::npos;
}

}  // namespace treelet
