// Offsets in code points, as Python counts, to and from the bytes of a document's text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doc/doc.h"

namespace treelet {

// The code point at which each byte position lies; positions must not decrease. One pass over the text.
std::vector<int32_t> code_point_offsets(std::string_view text, const std::vector<int32_t>& byte_positions);

// One value a word: where its surface lies in code points, its TokenPart, and its form where that is not the surface.
struct WordOffsets {
  const std::vector<int32_t>& starts;
  const std::vector<int32_t>& ends;
  const std::vector<int>& parts;
  const std::vector<std::optional<std::string>>& forms;
};

// Throws Error(text) unless words follow one another inside the text, and parts of a token stand beside their first.
Doc doc_from_offsets(std::string text, const WordOffsets& words);

}  // namespace treelet
