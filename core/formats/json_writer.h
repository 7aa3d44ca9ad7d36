// A document's columns in; one JSON object out.
#pragma once

#include <string>

#include "doc/doc.h"
#include "formats/byte_buffer.h"

namespace treelet {

struct JsonOptions {
  bool probabilities = false;  // with those of each token, where known
  std::string more;            // members after those of the columns, as JSON, each after ", "
};

// `text`, `tokens` and, where known, `sents` and `ents`, with the keys, the order and the offsets in code points of
// Doc.to_json in Python, spelt as json.dumps spells it. Lone surrogates are left as they are.
void write_json(const Doc& doc, const JsonOptions& options, ByteBuffer& out);

}  // namespace treelet
