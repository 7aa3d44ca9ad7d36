#include "formats/escapes.h"

#include "base/utf8.h"

namespace treelet {

namespace {

bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

void put_escape(char32_t unit, ByteBuffer& out) {
  out.put("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.put("0123456789abcdef"[(unit >> shift) & 15]);
}

// Every code point for which `put_other` says true has been put by it; all others stand as they are.
template <class PutOther>
void put_with(std::string_view text, ByteBuffer& out, const PutOther& put_other) {
  size_t done = 0;
  for (size_t i = 0; i < text.size();) {
    const CodePoint c = decode_utf8(text, i);
    const size_t next = i + size_t(c.bytes);
    if (put_other.wanted(c.value)) {
      out.put(text.substr(done, i - done));
      put_other.put(c.value, out);
      done = next;
    }
    i = next;
  }
  out.put(text.substr(done));
}

struct Surrogates {
  static bool wanted(char32_t c) { return is_surrogate(c); }
  static void put(char32_t c, ByteBuffer& out) { put_escape(c, out); }
};

struct BeyondAscii {
  static bool wanted(char32_t c) { return c >= 0x7F; }
  static void put(char32_t c, ByteBuffer& out) {
    if (c <= 0xFFFF) return put_escape(c, out);
    put_escape(0xD800 + ((c - 0x10000) >> 10), out);
    put_escape(0xDC00 + ((c - 0x10000) & 0x3FF), out);
  }
};

}  // namespace

bool holds_surrogate(std::string_view text) {
  // ED A0 80 to ED BF BF; ED 80 80 to ED 9F BF are letters.
  for (size_t i = text.find('\xED'); i != std::string_view::npos; i = text.find('\xED', i + 1))
    if (i + 1 < text.size() && uint8_t(text[i + 1]) >= 0xA0) return true;
  return false;
}

void put_surrogates_escaped(std::string_view text, ByteBuffer& out) { put_with(text, out, Surrogates()); }

void put_ascii_escaped(std::string_view json, ByteBuffer& out) { put_with(json, out, BeyondAscii()); }

}  // namespace treelet
