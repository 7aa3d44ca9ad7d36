// What bind_doc.cpp and bind_doc_columns.cpp share: checked word indices and lists of Python strings.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "bindings/convert.h"
#include "doc/doc.h"

namespace treelet {

using Texts = std::vector<std::optional<std::string>>;

inline size_t checked_word(const Doc& doc, Py_ssize_t word) {
  if (word < 0 || size_t(word) >= doc.size())
    throw nanobind::index_error(
        ("word " + std::to_string(word) + " of a doc of " + std::to_string(doc.size()) + " words").c_str());
  return size_t(word);
}

inline void check_length(const char* column, size_t found, size_t expected) {
  if (found != expected)
    throw Error(ErrorKind::text, std::string(column) + ": found " + std::to_string(found) +
                                     " values, expected one for each of " + std::to_string(expected) + " words");
}

inline std::string checked_text(nanobind::handle value, const char* where) {
  if (!PyUnicode_Check(value.ptr()))
    throw nanobind::type_error((std::string(where) + ": expected str, found " + Py_TYPE(value.ptr())->tp_name).c_str());
  return text_from_python(value);
}

// A list of `str | None`.
inline Texts texts_from_python(nanobind::handle list, const char* where) {
  Texts texts;
  if (PyObject_HasAttrString(list.ptr(), "__len__")) texts.reserve(nanobind::len(list));
  for (nanobind::handle value : list)
    texts.push_back(value.is_none() ? std::nullopt : std::optional(checked_text(value, where)));
  return texts;
}

inline nanobind::object text_or_none(bool is_set, std::string_view text) {
  return is_set ? nanobind::object(text_to_python(text)) : nanobind::none();
}

// A new array that Python owns.
template <typename To, typename From>
nanobind::ndarray<nanobind::numpy, To, nanobind::ndim<1>> numpy_copy(const std::vector<From>& values, size_t size,
                                                                      To missing) {
  To* copy = new To[size];
  const nanobind::capsule owner(copy, [](void* data) noexcept { delete[] static_cast<To*>(data); });
  for (size_t i = 0; i < size; ++i) copy[i] = values.empty() ? missing : To(values[i]);
  return nanobind::ndarray<nanobind::numpy, To, nanobind::ndim<1>>(copy, {size}, owner);
}

}  // namespace treelet

void bind_doc_columns(nanobind::class_<treelet::Doc>& doc);
void bind_doc_probabilities(nanobind::class_<treelet::Doc>& doc);
