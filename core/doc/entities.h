// What the entity columns of a document say of one word.
#pragma once

#include "doc/doc.h"

namespace treelet {

// The word goes on with the entity that the word before is in, or may be in.
inline bool continues_entity(const Doc& doc, size_t word) {
  if (doc.iob.empty() || word == 0 || doc.iob[word] != Iob::inside) return false;
  const Iob before = doc.iob[word - 1];
  if (before == Iob::outside) return false;
  return before == Iob::missing || !doc.ent_type.is_set(word) || !doc.ent_type.is_set(word - 1) ||
         doc.ent_type.get(word) == doc.ent_type.get(word - 1);
}

// A named entity: words first to end - 1, all of one type.
struct EntitySpan {
  size_t first, end;
  std::string_view type;  // lives as long as the document's columns
};

// In order. An inside word that continues nothing of its type begins an entity.
std::vector<EntitySpan> entity_spans(const Doc& doc);

// White space and nothing else. The tokenizer makes no such word; people may.
bool is_blank(const Doc& doc, size_t word);

// Unknown sentence starts within given entities become "does not start": no sentence cuts an entity.
void keep_entities_whole(Doc& doc);

}  // namespace treelet
