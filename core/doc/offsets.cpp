#include "doc/offsets.h"

#include <limits>

#include "base/error.h"
#include "base/utf8.h"

namespace treelet {

std::vector<int32_t> code_point_offsets(std::string_view text, const std::vector<int32_t>& byte_positions) {
  std::vector<int32_t> offsets;
  offsets.reserve(byte_positions.size());
  size_t at = 0;
  int32_t count = 0;
  for (int32_t position : byte_positions) {
    const size_t until = size_t(position);
    count += int32_t(count_code_points(text.substr(at, until - at)));
    at = until;
    offsets.push_back(count);
  }
  return offsets;
}

namespace {

void check_word(const WordOffsets& words, size_t i, int32_t previous_end) {
  const auto fail = [i](const std::string& what) {
    throw Error(ErrorKind::text, "word " + std::to_string(i) + ": " + what);
  };
  const int part = words.parts[i];
  if (words.starts[i] < previous_end || words.ends[i] < words.starts[i])
    fail("found the place " + std::to_string(words.starts[i]) + " to " + std::to_string(words.ends[i]) +
         ", expected one that starts at or after " + std::to_string(previous_end));
  if (part < 0 || part > 2) fail("found part " + std::to_string(part) + ", expected 0 (whole), 1 (first) or 2 (later)");
  if (part == 2 && (i == 0 || words.parts[i - 1] == 0)) fail("a later part of a token must follow its first part");
  if (part == 2 && words.starts[i] != previous_end) fail("a later part of a token must touch the part before it");
  if (part == 0 && words.ends[i] == words.starts[i]) fail("its surface is empty");
  if (words.forms[i] && words.forms[i]->empty()) fail("its form is empty");
}

}  // namespace

Doc doc_from_offsets(std::string text, const WordOffsets& words) {
  const size_t n = words.starts.size();
  if (words.ends.size() != n || words.parts.size() != n || words.forms.size() != n)
    throw Error(ErrorKind::text, "starts, ends, parts and forms must be of equal length");
  if (text.size() > size_t(std::numeric_limits<int32_t>::max()))
    throw Error(ErrorKind::text, "a document holds at most 2 GiB of text: split it into several");
  Doc doc;
  size_t byte = 0;
  int32_t code_point = 0, end = 0;
  const auto advance = [&](int32_t to) {
    for (; code_point < to; ++code_point) {
      if (byte >= text.size())
        throw Error(ErrorKind::text, "offset " + std::to_string(to) + " lies past the end of the text (" +
                                         std::to_string(code_point) + " characters)");
      byte += size_t(decode_utf8(text, byte).bytes);
    }
    return int32_t(byte);
  };
  for (size_t i = 0; i < n; ++i) {
    check_word(words, i, end);
    end = words.ends[i];
    doc.byte_start.push_back(advance(words.starts[i]));
    doc.byte_end.push_back(advance(end));
    doc.part.push_back(TokenPart(words.parts[i]));
    doc.form.append(words.forms[i].has_value(), words.forms[i] ? *words.forms[i] : std::string_view(), i + 1);
  }
  doc.text = std::move(text);
  return doc;
}

}  // namespace treelet
