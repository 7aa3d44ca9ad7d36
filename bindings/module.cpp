// The extension module treelet._core: one bind_<folder> function a folder of the core.
#include <nanobind/nanobind.h>

#include "base/error.h"
#include "bindings/convert.h"
#include "bindings/released_gil.h"

namespace nb = nanobind;

void bind_doc(nb::module_& m);
void bind_formats(nb::module_& m);
void bind_gradients(nb::module_& m);
void bind_gradient_layers(nb::module_& m);
void bind_gradient_states(nb::module_& m);
void bind_network(nb::module_& m);
void bind_features(nb::module_& m);
void bind_text(nb::module_& m);
void bind_pipeline(nb::module_& m);
void bind_json(nb::module_& m);
void bind_stream(nb::module_& m);
void bind_rollouts(nb::module_& m);
void bind_beam(nb::module_& m);
void bind_transitions(nb::module_& m);

namespace {

const char* python_name(treelet::ErrorKind kind) {
  switch (kind) {
    case treelet::ErrorKind::text: return "TextError";
    case treelet::ErrorKind::format: return "FormatError";
    case treelet::ErrorKind::settings: return "SettingsError";
    case treelet::ErrorKind::package: return "PackageError";
    case treelet::ErrorKind::training: return "TrainingError";
  }
  return "TreeletError";
}

}  // namespace

NB_MODULE(_core, m) {
  ReleasedGil::watch_the_end();
  nb::register_exception_translator([](const std::exception_ptr& p, void*) {
    try {
      std::rethrow_exception(p);
    } catch (const treelet::Error& e) {
      const nb::str message = treelet::text_to_python(e.what());  // may quote a lone surrogate
      PyErr_SetObject(nb::module_::import_("treelet.errors").attr(python_name(e.kind())).ptr(), message.ptr());
    }
  });
  bind_doc(m);
  bind_formats(m);
  bind_features(m);
  bind_network(m);
  bind_gradients(m);
  bind_gradient_layers(m);
  bind_gradient_states(m);
  bind_text(m);
  bind_transitions(m);
  bind_rollouts(m);
  bind_beam(m);
  bind_pipeline(m);
  bind_stream(m);
  bind_json(m);
}
