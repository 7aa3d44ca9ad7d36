// Doc: the columns of one document, read and written word by word. treelet.doc gives them their Python face.
#include <nanobind/nanobind.h>

#include "bindings/convert.h"
#include "doc/doc.h"

namespace nb = nanobind;
using treelet::Doc;

void bind_doc(nb::module_& m) {
  nb::class_<Doc>(m, "Doc")
      .def(nb::init<>())
      .def("__len__", &Doc::size)
      .def_prop_ro("text", [](const Doc& doc) { return treelet::text_to_python(doc.text); })
      .def("add_token", [](Doc& doc, nb::str surface, const std::vector<std::string>& words, nb::str whitespace) {
        doc.add_token(treelet::text_from_python(surface), words, treelet::text_from_python(whitespace));
      }, nb::arg("surface"), nb::arg("words"), nb::arg("whitespace"))
      .def("surface", [](const Doc& doc, size_t word) { return treelet::text_to_python(doc.surface(word)); })
      .def("word", [](const Doc& doc, size_t word) { return treelet::text_to_python(doc.word(word)); });
}
