// Python strings to and from the core's UTF-8. Lone surrogates pass in both directions, so any str has a form in the core.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace treelet {

// UTF-8 of the code points of a str, lone surrogates as three bytes each.
template <class Unit>
std::string encode_units(const Unit* units, size_t n_units) {
  size_t size = 0;
  for (size_t i = 0; i < n_units; ++i) {
    const uint32_t c = units[i];
    size += 1 + (c >= 0x80) + (c >= 0x800) + (c >= 0x10000);
  }
  std::string out(size, '\0');
  char* to = out.data();
  for (size_t i = 0; i < n_units; ++i) {
    const uint32_t c = units[i];
    if (c < 0x80) {
      *to++ = char(c);
      continue;
    }
    const int more = 1 + (c >= 0x800) + (c >= 0x10000);  // bytes that continue the first
    *to++ = char((0xF00u >> (more + 1) & 0xFFu) | c >> 6 * more);
    for (int k = more - 1; k >= 0; --k) *to++ = char(0x80 | (c >> 6 * k & 0x3F));
  }
  return out;
}

// One copy. CPython's own conversion would leave a second one inside the str for as long as that lives.
inline std::string text_from_python(nanobind::handle text) {
  PyObject* const object = text.ptr();
#if PY_VERSION_HEX < 0x030C0000
  if (PyUnicode_READY(object) != 0) throw nanobind::python_error();
#endif
  const size_t length = size_t(PyUnicode_GET_LENGTH(object));
  if (PyUnicode_IS_ASCII(object)) return std::string(static_cast<const char*>(PyUnicode_DATA(object)), length);
  switch (PyUnicode_KIND(object)) {
    case PyUnicode_1BYTE_KIND: return encode_units(PyUnicode_1BYTE_DATA(object), length);
    case PyUnicode_2BYTE_KIND: return encode_units(PyUnicode_2BYTE_DATA(object), length);
    default: return encode_units(PyUnicode_4BYTE_DATA(object), length);
  }
}

inline nanobind::str text_to_python(std::string_view text) {
  PyObject* decoded = PyUnicode_DecodeUTF8(text.data(), Py_ssize_t(text.size()), "surrogatepass");
  if (!decoded) throw nanobind::python_error();
  return nanobind::steal<nanobind::str>(decoded);
}

}  // namespace treelet
