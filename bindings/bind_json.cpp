#include "bindings/json_reader.h"

#include "base/error.h"
#include "base/utf8.h"
#include "bindings/convert.h"

namespace nb = nanobind;

namespace treelet {

namespace {

constexpr int kMostNesting = 200;
constexpr int kMostValues = 1'000'000;  // an empty list takes 2 bytes of a file and 56 of memory

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  nb::object document() {
    nb::object value = read_value();
    skip_space();
    if (at_ < text_.size()) fail("more after the end");
    return value;
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw Error(ErrorKind::format, "not JSON at byte " + std::to_string(at_) + ": " + what);
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool accept(char c) {
    skip_space();
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  nb::object read_value() {
    if (++values_ > kMostValues) fail("more than 1,000,000 values");
    skip_space();
    switch (peek()) {
      case '{': return nested([this] { return read_object(); });
      case '[': return nested([this] { return read_array(); });
      case '"': return read_string();
      case 't': return word("true"), nb::bool_(true);
      case 'f': return word("false"), nb::bool_(false);
      case 'n': return word("null"), nb::none();
      default: return read_number();
    }
  }

  template <class Read>
  nb::object nested(Read read) {
    if (++depth_ > kMostNesting) fail("nested too deeply");
    ++at_;
    nb::object value = read();
    --depth_;
    return value;
  }

  nb::object read_object() {
    nb::dict members;
    if (accept('}')) return members;
    size_t count = 0;
    do {
      skip_space();
      if (peek() != '"') fail("expected a name");
      const nb::str name = read_string();
      if (!accept(':')) fail("expected ':'");
      members[name] = read_value();
      if (members.size() != ++count) fail("a name stands twice");
    } while (accept(','));
    if (!accept('}')) fail("expected ',' or '}'");
    return members;
  }

  nb::object read_array() {
    nb::list items;
    if (accept(']')) return items;
    do items.append(read_value());
    while (accept(','));
    if (!accept(']')) fail("expected ',' or ']'");
    return items;
  }

  nb::str read_string() {
    const size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' && uint8_t(text_[at_]) >= ' ') ++at_;
    if (peek() == '"') return text_to_python(text_.substr(begin, at_++ - begin));
    std::string value(text_.substr(begin, at_ - begin));
    for (; peek() != '"'; ++at_) {
      if (uint8_t(peek()) < ' ') fail(at_ < text_.size() ? "a control character in a string" : "a string without an end");
      if (peek() != '\\') value += peek();
      else read_escape(value);
    }
    ++at_;
    return text_to_python(value);
  }

  // Leaves `at_` on the last character of the escape.
  void read_escape(std::string& value) {
    static constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    ++at_;
    if (const size_t which = kNames.find(peek()); which != std::string_view::npos) {
      value += kMeanings[which];
      return;
    }
    if (peek() != 'u') fail("an escape that is none");
    char32_t unit = hexadecimal();
    if (unit >= 0xD800 && unit < 0xDC00 && text_.substr(at_ + 1, 2) == "\\u") {
      const size_t before = at_;
      at_ += 2;
      const char32_t low = hexadecimal();
      if (low >= 0xDC00 && low < 0xE000) unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
      else at_ = before;  // a lone surrogate, and something else
    }
    append_utf8(value, unit);
  }

  // Four digits after the character that `at_` is on.
  char32_t hexadecimal() {
    char32_t value = 0;
    for (int i = 0; i < 4; ++i) {
      ++at_;
      const char c = peek();
      const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
      if (digit < 0) fail("expected four hexadecimal digits");
      value = value * 16 + char32_t(digit);
    }
    return value;
  }

  void word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) fail("expected a value");
    at_ += expected.size();
  }

  bool digits() {
    const size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > begin;
  }

  nb::object read_number() {
    const size_t begin = at_;
    if (peek() == '-') ++at_;
    if (peek() == '0') ++at_;
    else if (!digits()) fail("expected a value");
    bool whole = true;
    if (peek() == '.') {
      whole = false, ++at_;
      if (!digits()) fail("expected digits after the point");
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false, ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) fail("expected digits of an exponent");
    }
    const std::string number(text_.substr(begin, at_ - begin));
    if (number.size() > 400) fail("a number of more than 400 characters");
    PyObject* value = nullptr;
    if (whole) {
      value = PyLong_FromString(number.c_str(), nullptr, 10);
    } else {
      const double real = PyOS_string_to_double(number.c_str(), nullptr, nullptr);  // too large: infinite, as Python reads it
      value = real == -1.0 && PyErr_Occurred() ? nullptr : PyFloat_FromDouble(real);
    }
    if (!value) throw nb::python_error();
    return nb::steal(value);
  }

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0, values_ = 0;
};

}  // namespace

nb::object read_json(std::string_view text) { return JsonReader(text).document(); }

}  // namespace treelet

void bind_json(nb::module_& m) {
  m.def("read_json", [](nb::str text) { return treelet::read_json(treelet::text_from_python(text)); }, nb::arg("text"),
        nb::sig("def read_json(text: str) -> typing.Any"),
        "The value of a JSON document. Raises FormatError where it is none, nests deeper than 200, names a member twice or holds more "
        "than 1,000,000 values.");
}
