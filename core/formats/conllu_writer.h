// A document's columns in; its sentences in CoNLL-U out.
#pragma once

#include <cstdint>
#include <string>

#include "doc/doc.h"
#include "formats/byte_buffer.h"

namespace treelet {

struct ConlluOptions {
  std::string opening;         // lines before those of the first sentence, each with its line feed
  std::string sent_id;         // prefix of `# sent_id = PREFIX1`; no such line when empty
  int64_t first_sentence = 1;  // number in the first of them
  std::string entity_key = "NER";
};

// Every sentence with a blank line after it; nothing for a document without words; one sentence where none are known.
// Missing values are `_`. Entities go to MISC, and white space that is not one blank.
// Throws Error(text) for a head outside its sentence.
void write_conllu(const Doc& doc, const ConlluOptions& options, ByteBuffer& out);

}  // namespace treelet
