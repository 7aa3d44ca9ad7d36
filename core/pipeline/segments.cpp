#include "pipeline/segments.h"

#include <algorithm>
#include <string_view>

#include "doc/entities.h"

namespace treelet {

namespace {

// How good it is to cut there, best last.
enum class Cut { through_entity, anywhere, word_with_mark, mark, blank_line, preset };

Cut after_surface(std::string_view surface) {
  for (std::string_view mark : {".", "!", "?", "…", "。", "！", "？", "؟", "।"})
    if (surface.ends_with(mark)) return surface == mark ? Cut::mark : Cut::word_with_mark;
  return Cut::anywhere;
}

Cut cut_before(const Doc& doc, size_t word, bool preset_starts) {
  const SentStart start = preset_starts && !doc.sent_start.empty() ? doc.sent_start[word] : SentStart(0);
  if (start == 1) return Cut::preset;
  if (continues_entity(doc, word)) return Cut::through_entity;
  if (start == -1) return Cut::anywhere;
  const std::string_view space = doc.whitespace(word - 1);
  if (std::count(space.begin(), space.end(), '\n') > 1) return Cut::blank_line;
  return after_surface(doc.surface(word - 1));
}

}  // namespace

std::vector<size_t> segment_ends(const Doc& doc, size_t most, bool preset_starts) {
  std::vector<size_t> ends;
  size_t begin = 0;
  while (doc.size() - begin > most) {
    size_t best_end = begin + most;
    Cut best = Cut::through_entity;
    for (size_t end = begin + most; end > begin + most / 2 && best != Cut::preset; --end) {
      const Cut cut = cut_before(doc, end, preset_starts);
      if (cut <= best) continue;
      best = cut;
      best_end = end;
    }
    ends.push_back(begin = best_end);
  }
  if (begin < doc.size()) ends.push_back(doc.size());
  return ends;
}

}  // namespace treelet
