// A Doc to CoNLL-U and JSON, as str or as UTF-8. The GIL is kept: another thread may change the Doc meanwhile, and a copy
// takes as long as writing it.
#include <nanobind/nanobind.h>

#include "bindings/convert.h"
#include "formats/conllu_writer.h"
#include "formats/escapes.h"
#include "formats/json_writer.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

constexpr size_t kKeptBytes = size_t(1) << 20;

// Empty, and kept between calls: a buffer that has to grow takes half as long again.
ByteBuffer& scratch() {
  thread_local ByteBuffer buffer;
  if (buffer.capacity() > kKeptBytes) ByteBuffer().swap(buffer);
  buffer.clear();
  return buffer;
}

nb::bytes to_bytes(const ByteBuffer& buffer) { return nb::bytes(buffer.view().data(), buffer.size()); }

void write_conllu_of(ByteBuffer& out, const Doc& doc, nb::str opening, nb::str sent_id, int64_t first_sentence,
                     nb::str entity_key) {
  write_conllu(doc, {text_from_python(opening), text_from_python(sent_id), first_sentence, text_from_python(entity_key)},
               out);
}

// One line, its line feed included, in ASCII if it holds a lone surrogate: UTF-8 always.
void write_json_line(ByteBuffer& out, const Doc& doc, bool probabilities, nb::str more) {
  write_json(doc, {probabilities, text_from_python(more)}, out);
  if (holds_surrogate(out.view())) {
    ByteBuffer line;
    line.swap(out);
    put_ascii_escaped(line.view(), out);
  }
  out.put('\n');
}

}  // namespace

void bind_formats(nb::module_& m) {
  m.def("conllu_text", [](const Doc& doc, nb::str opening, nb::str sent_id, int64_t first_sentence, nb::str entity_key) {
    ByteBuffer& out = scratch();
    write_conllu_of(out, doc, opening, sent_id, first_sentence, entity_key);
    return text_to_python(out.view());
  }, nb::arg("doc"), nb::arg("opening"), nb::arg("sent_id"), nb::arg("first_sentence"), nb::arg("entity_key"));
  m.def("conllu_bytes", [](const Doc& doc, nb::str opening, nb::str sent_id, int64_t first_sentence, nb::str entity_key) {
    ByteBuffer& out = scratch();
    write_conllu_of(out, doc, opening, sent_id, first_sentence, entity_key);
    if (!holds_surrogate(out.view())) return to_bytes(out);
    ByteBuffer escaped;
    put_surrogates_escaped(out.view(), escaped);
    return to_bytes(escaped);
  }, nb::arg("doc"), nb::arg("opening"), nb::arg("sent_id"), nb::arg("first_sentence"), nb::arg("entity_key"),
        "The same as UTF-8, lone surrogates as escapes.");
  m.def("json_text", [](const Doc& doc, bool probabilities, nb::str more) {
    ByteBuffer& out = scratch();
    write_json_line(out, doc, probabilities, more);
    return text_to_python(out.view());
  }, nb::arg("doc"), nb::arg("probabilities"), nb::arg("more"),
        "One line with its line feed. more: members after the last, as JSON, each after ', '.");
  m.def("json_bytes", [](const Doc& doc, bool probabilities, nb::str more) {
    ByteBuffer& out = scratch();
    write_json_line(out, doc, probabilities, more);
    return to_bytes(out);
  }, nb::arg("doc"), nb::arg("probabilities"), nb::arg("more"), "The same as UTF-8.");
}
