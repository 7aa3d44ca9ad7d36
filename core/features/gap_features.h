// The gap between two words of a document in, rows of a table out: what the token vectors cannot see of a place
// where a sentence may start.
//
//   group         row names                         what
//   space         none several line blank           white space in the gap; one blank is the normal case, without a row
//   mark          stop abbreviation ellipsis …      end of the word before; closing quotes or brackets glued to it are
//                 with none, quote or bracket       looked through, and are the second half of the name
//   next          title caps lower digit …          start of the word after; opening quotes or brackets glued to it are
//                 with none, quote or bracket       looked through
//   mark+next     both, with or without closing and opening marks
//   before        title caps lower number …         the word right before the gap
//   before+next   both, opening marks looked through
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "doc/doc.h"

namespace treelet {

constexpr int kGapGroups = 6;
using GapRows = std::array<int32_t, kGapGroups>;  // kNoRow where a group has none
constexpr int32_t kNoRow = -1;

// Names of all rows, `group=value`, in the order of the table.
const std::vector<std::string>& gap_row_names();
int gap_row_count();

// What is read off one word, and whether a gap's look may pass through it.
struct GapWord {
  uint8_t mark, next, before, closes, opens;  // numbers of values; closes, opens: 0 no, 1 quote, 2 bracket
};

// Scratch: the words of a range, one entry each. Looks do not leave the range.
struct GapWords {
  size_t first = 0;
  std::vector<GapWord> read;
};
void read_gap_words(const Doc& doc, WordRange range, GapWords& words);

// Rows of the gap before `word`, one of the range that was read, not its first; words: of the same document.
GapRows gap_rows(const Doc& doc, const GapWords& words, size_t word);

}  // namespace treelet
