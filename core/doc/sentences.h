// Where the sentences of a document start.
#pragma once

#include <cstdint>
#include <vector>

#include "doc/doc.h"

namespace treelet {

// Any sentence start is known, or any head.
bool has_sentences(const Doc& doc);

// The first word of each sentence: as `sent_start` says, or, where it says nothing, as the heads do. No arc passes
// over such a start, and the heads on both sides are known. The first word is one always.
std::vector<int32_t> sentence_starts(const Doc& doc);

}  // namespace treelet
