#include "pipeline/segments.h"

#include <string_view>

#include "doc/entities.h"

namespace treelet {

namespace {

bool ends_sentence(std::string_view surface) {
  for (std::string_view mark : {".", "!", "?", "…", "。", "！", "？", "؟", "।"})
    if (surface.ends_with(mark)) return true;
  return false;
}

size_t cut(const Doc& doc, size_t begin, size_t most) {
  const size_t full = begin + most, half = begin + most / 2;
  if (!doc.sent_start.empty())
    for (size_t end = full; end > half; --end)
      if (doc.sent_start[end] == 1) return end;
  for (size_t end = full; end > half; --end)
    if (ends_sentence(doc.surface(end - 1)) && (doc.sent_start.empty() || doc.sent_start[end] != -1) &&
        !continues_entity(doc, end))
      return end;
  for (size_t end = full; end > half; --end)
    if (!continues_entity(doc, end)) return end;
  return full;
}

}  // namespace

std::vector<size_t> segment_ends(const Doc& doc, size_t most) {
  std::vector<size_t> ends;
  size_t begin = 0;
  while (doc.size() - begin > most) ends.push_back(begin = cut(doc, begin, most));
  if (begin < doc.size()) ends.push_back(doc.size());
  return ends;
}

}  // namespace treelet
