// Stream: texts and documents in, annotated documents out in order, made by threads that never take the GIL.
#include <nanobind/nanobind.h>

#include <chrono>
#include <deque>
#include <exception>
#include <utility>

#include "base/error.h"
#include "bindings/convert.h"
#include "bindings/pipeline_object.h"
#include "bindings/released_gil.h"
#include "pipeline/stream.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

constexpr auto kPatience = std::chrono::milliseconds(50);  // between two looks at whether Ctrl-C was pressed

struct StreamObject {
  std::shared_ptr<Stream> stream;
  std::deque<nb::object> targets;  // for each document on its way: the Doc that was pushed, or none for a text
  std::exception_ptr failure;      // of the document that comes next
};

std::vector<std::weak_ptr<Stream>> open_streams;  // guarded by the GIL

void close(const std::shared_ptr<Stream>& stream) {
  const ReleasedGil release;
  stream->close();
}

// A generator that nobody finished must not leave threads at work while the interpreter takes itself apart.
void close_all() {
  for (const auto& each : std::exchange(open_streams, {}))
    if (const auto stream = each.lock()) close(stream);
}

void remember(const std::shared_ptr<Stream>& stream) {
  static bool registered = false;
  if (!registered) nb::module_::import_("atexit").attr("register")(nb::cpp_function(&close_all));
  registered = true;
  std::erase_if(open_streams, [](const auto& each) { return each.expired(); });
  open_streams.push_back(stream);
}

void check_own(const StreamObject& self) {
  if (!self.stream->own())
    throw std::runtime_error("pipe: its threads belong to the process that this one was forked from; call pipe() again");
}

void push(StreamObject& self, nb::handle item) {
  check_own(self);
  if (PyUnicode_Check(item.ptr())) {
    self.stream->push(text_from_python(item));
    self.targets.push_back(nb::none());
  } else {
    self.stream->push(nb::cast<const Doc&>(item));
    self.targets.push_back(nb::borrow(item));
  }
}

// At least one document, in order, unless there is none. What went wrong with one is told when those before it are gone.
nb::list take(StreamObject& self) {
  check_own(self);
  if (self.failure) std::rethrow_exception(std::exchange(self.failure, nullptr));
  nb::list docs;
  for (bool ready = self.targets.empty(); !ready;) {
    {
      const ReleasedGil release;
      ready = self.stream->wait(kPatience);
    }
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  }
  try {
    while (std::optional<Doc> doc = self.stream->take()) {
      const nb::object target = std::move(self.targets.front());
      self.targets.pop_front();
      if (target.is_none()) docs.append(nb::cast(std::move(*doc)));
      else nb::cast<Doc&>(target) = std::move(*doc), docs.append(target);
    }
  } catch (const Error&) {
    if (docs.size() == 0) throw;
    self.failure = std::current_exception();
  }
  return docs;
}

}  // namespace

void bind_stream(nb::module_& m) {
  nb::class_<StreamObject>(m, "Stream")
      .def("__init__",
           [](StreamObject* self, const PipelineObject& pipeline, const std::vector<std::string>& enabled, size_t n_threads) {
             const auto stream = std::make_shared<Stream>(pipeline.shared, n_threads, enabled_of(enabled));
             remember(stream);
             new (self) StreamObject{stream, {}, nullptr};
           },
           nb::arg("pipeline"), nb::arg("enabled"), nb::arg("n_threads"))
      .def("push", &push, nb::arg("item"), nb::sig("def push(self, item: str | Doc) -> None"),
           "A text, or a document whose words are given: threads begin with it as soon as they can.")
      .def("take", &take, nb::sig("def take(self) -> list[Doc]"),
           "Waits for the next documents, in the order in which they were pushed; a Doc that was pushed comes back "
           "itself, annotated.")
      .def_prop_ro("n_done", [](const StreamObject& self) {
        check_own(self);
        return self.stream->done();
      }, "Documents that can be taken without waiting.")
      .def("close", [](StreamObject& self) { close(self.stream); }, "Joins the threads; to be called once it is not needed.");
}
