// A long document in segments, so that memory for the walk of parser and recognizer stays bounded.
#pragma once

#include <cstddef>
#include <vector>

#include "doc/doc.h"

namespace treelet {

// Words one transition system walks at a time: its rows are about six kilobytes each.
constexpr size_t kMostSegmentWords = 4096;

// Ends of the segments of a document, the last being doc.size(); none for an empty document. A segment has at most
// `most` words (at least 2) and ends before a preset sentence start, else after sentence-final punctuation, in its
// second half; else wherever it is full. No cut goes through a given entity, unless it is half a segment long or
// a sentence is known to start in it.
std::vector<size_t> segment_ends(const Doc& doc, size_t most = kMostSegmentWords);

}  // namespace treelet
