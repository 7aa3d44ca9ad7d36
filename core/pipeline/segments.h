// A long document in segments that are annotated one after the other, so that memory and the reach of every annotator stay
// bounded.
#pragma once

#include <cstddef>
#include <vector>

#include "doc/doc.h"

namespace treelet {

// Words of a segment at most.
constexpr size_t kMostSegmentWords = 1024;

// Ends of the segments of a document, the last being doc.size(); none for an empty document. They depend on the text and on
// what is preset alone. A segment has at most `most` words (at least 2) and ends in its second half, before the last preset
// sentence start, else before a blank line, else after a word that is a sentence-final mark, else after one that ends with
// one; else wherever it is full. No cut goes through a given entity, unless it is half a segment long or a sentence is known
// to start in it. Without `preset_starts`, what the document holds of sentence starts does not count.
std::vector<size_t> segment_ends(const Doc& doc, size_t most = kMostSegmentWords, bool preset_starts = true);

// Whether it is decided for every word of a range, but for the first, if it starts a sentence.
bool starts_are_known(const Doc& doc, WordRange words);
// The end of the most whole sentences from words.begin on that hold `most` words together, of one at least; sentences end at
// words.end at the latest.
size_t sentences_end(const Doc& doc, WordRange words, size_t most);

}  // namespace treelet
