// Python strings to and from the core's UTF-8. Lone surrogates pass in both directions, so any str has a form in the core.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <string_view>

namespace treelet {

inline std::string text_from_python(nanobind::handle text) {
  Py_ssize_t size = 0;
  if (const char* bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size)) return std::string(bytes, size_t(size));
  PyErr_Clear();
  PyObject* encoded = PyUnicode_AsEncodedString(text.ptr(), "utf-8", "surrogatepass");
  if (!encoded) throw nanobind::python_error();
  const nanobind::object owner = nanobind::steal(encoded);
  return std::string(PyBytes_AS_STRING(encoded), size_t(PyBytes_GET_SIZE(encoded)));
}

inline nanobind::str text_to_python(std::string_view text) {
  PyObject* decoded = PyUnicode_DecodeUTF8(text.data(), Py_ssize_t(text.size()), "surrogatepass");
  if (!decoded) throw nanobind::python_error();
  return nanobind::steal<nanobind::str>(decoded);
}

}  // namespace treelet
