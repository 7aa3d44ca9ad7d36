// Errors of the core. Each kind is raised in Python as the class of the same name in treelet.errors.
#pragma once

#include <stdexcept>
#include <string>

namespace treelet {

enum class ErrorKind { text, format, settings, package, training };

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace treelet
