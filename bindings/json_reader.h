// JSON text to Python objects, by RFC 8259 to the letter; small documents of a package need no more.
#pragma once

#include <nanobind/nanobind.h>

#include <string_view>

namespace treelet {

// Throws Error(format) that says at which byte the text is not JSON, nests deeper than 200, names a member twice,
// or holds more than a million values.
nanobind::object read_json(std::string_view text);

}  // namespace treelet
