#include "doc/entities.h"

#include "base/unicode.h"
#include "base/utf8.h"

namespace treelet {

std::vector<EntitySpan> entity_spans(const Doc& doc) {
  std::vector<EntitySpan> spans;
  bool open = false;
  for (size_t word = 0; word < doc.iob.size(); ++word) {
    const Iob code = doc.iob[word];
    const std::string_view type = doc.ent_type.get(word);
    open = open && code == Iob::inside && type == spans.back().type;
    if (open) {
      spans.back().end = word + 1;
    } else if ((code == Iob::inside || code == Iob::begin) && !type.empty()) {
      spans.push_back({word, word + 1, type});
      open = true;
    }
  }
  return spans;
}

bool is_blank(const Doc& doc, size_t word) {
  const std::string_view text = doc.word(word);
  if (text.empty() || (text[0] > ' ' && text[0] < 0x7F)) return false;
  for (size_t i = 0; i < text.size();) {
    const CodePoint c = decode_utf8(text, i);
    if (!is_space(c.value)) return false;
    i += size_t(c.bytes);
  }
  return true;
}

void keep_entities_whole(Doc& doc) {
  for (size_t word = 1; word < doc.iob.size(); ++word) {
    if (!continues_entity(doc, word)) continue;
    if (doc.sent_start.empty()) doc.sent_start.assign(doc.size(), 0);
    if (doc.sent_start[word] == 0) doc.sent_start[word] = -1;
  }
}

}  // namespace treelet
