#include "bindings/released_gil.h"

#include <nanobind/nanobind.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace {

std::atomic<bool> ending{false};
std::atomic<int> waiting{0};  // threads that are asking for the GIL
std::thread::id last;         // the thread that ends the interpreter; set before `ending`

// Threads that asked before `ending` was set get the GIL once more; those that come later stand still.
void end() {
  last = std::this_thread::get_id();
  ending = true;
  while (waiting > 0) {
    PyThreadState* const state = PyEval_SaveThread();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    PyEval_RestoreThread(state);
  }
}

}  // namespace

ReleasedGil::~ReleasedGil() {
  ++waiting;
  if (ending && std::this_thread::get_id() != last) {
    --waiting;
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  }
  PyEval_RestoreThread(state_);
  --waiting;
}

void ReleasedGil::watch_the_end() {
  nanobind::module_::import_("atexit").attr("register")(nanobind::cpp_function(&end));
}
