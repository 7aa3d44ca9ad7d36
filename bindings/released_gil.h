// The GIL, let go for as long as this lives.
//
// Before Python 3.14, a daemon thread that asks for the GIL while the interpreter ends is unwound, which ends the whole
// process when it happens in C++. Such a thread stands still here instead, until the process is gone.
#pragma once

#include <Python.h>

class ReleasedGil {
 public:
  ReleasedGil() : state_(PyEval_SaveThread()) {}
  ~ReleasedGil();
  ReleasedGil(const ReleasedGil&) = delete;
  ReleasedGil& operator=(const ReleasedGil&) = delete;

  // Asks to be told, by `atexit`, when the interpreter ends. Raises what Python raises.
  static void watch_the_end();

 private:
  PyThreadState* state_;
};
