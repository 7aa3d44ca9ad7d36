// Weights, and the parts of the network that tests compare with references: layers, encoder, state scores, edit trees.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>

#include "annotators/edit_tree.h"
#include "base/error.h"
#include "bindings/convert.h"
#include "encoder/encoder.h"
#include "network/state_network.h"
#include "bindings/precision.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

using Matrix = nb::ndarray<nb::numpy, float, nb::ndim<2>, nb::c_contig>;

Matrix new_matrix(size_t rows, size_t columns, const float* from, size_t stride) {
  float* values = new float[rows * columns + 1];
  const nb::capsule owner(values, [](void* p) noexcept { delete[] static_cast<float*>(p); });
  for (size_t r = 0; r < rows; ++r) std::copy_n(from + r * stride, columns, values + r * columns);
  return Matrix(values, {rows, columns}, owner);
}

// The bytes of any object with a contiguous buffer, for as long as this lives.
class Buffer {
 public:
  explicit Buffer(nb::handle object) {
    if (PyObject_GetBuffer(object.ptr(), &view_, PyBUF_SIMPLE) != 0) throw nb::python_error();
  }
  ~Buffer() {
    const nb::gil_scoped_acquire held;  // a pipeline may go where nobody holds it
    PyBuffer_Release(&view_);
  }
  Buffer(const Buffer&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(view_.buf), size_t(view_.len)}; }

 private:
  Py_buffer view_{};
};

WeightType weight_type(const std::string& name, const std::string& dtype) {
  if (dtype == "F32") return WeightType::f32;
  if (dtype == "F16") return WeightType::f16;
  if (dtype == "I8") return WeightType::i8;
  throw Error(ErrorKind::package, "weights: " + name + ": type " + dtype + ", expected F32, F16 or I8");
}

void check_rows(const Matrix& rows, int64_t inputs) {
  if (int64_t(rows.shape(1)) != inputs)
    throw Error(ErrorKind::settings, "rows: found " + std::to_string(rows.shape(1)) + " columns, expected " +
                                         std::to_string(inputs));
}

int dimension(const Weights& weights, const std::string& name, size_t axis) {
  const auto entry = weights.all().find(name);
  if (entry == weights.all().end() || entry->second.shape.size() <= axis || entry->second.shape[axis] > (1 << 24))
    throw Error(ErrorKind::package, "weights: " + name + " is missing or not a matrix");
  return int(entry->second.shape[axis]);
}

Matrix run_affine(const Weights& weights, const std::string& name, const Matrix& rows, const std::string& precision) {
  const Affine layer(weights, name, dimension(weights, name + ".weight", 0), dimension(weights, name + ".weight", 1),
                     precision_of(precision));
  check_rows(rows, dimension(weights, name + ".weight", 1));
  const size_t n = rows.shape(0), outputs = size_t(layer.outputs());
  AlignedFloats out(n * outputs);
  layer.apply(plain_rows(rows.data(), rows.shape(1), int(rows.shape(1))), n, out.data(), outputs);
  return new_matrix(n, outputs, out.data(), outputs);
}

Matrix run_maxout_norm(const Weights& weights, const std::string& name, const Matrix& rows, const std::string& precision) {
  const int width = dimension(weights, name + ".gain", 0), inputs = dimension(weights, name + ".weight", 1);
  const MaxoutShape shape{width, dimension(weights, name + ".weight", 0) / width, inputs};
  const MaxoutNorm layer(weights, name, shape, precision_of(precision));
  check_rows(rows, inputs);
  const size_t n = rows.shape(0), padded = size_t(padded_width(width));
  AlignedFloats out(n * padded);
  layer.apply(plain_rows(rows.data(), rows.shape(1), inputs), n, out.data(), padded);
  return new_matrix(n, size_t(width), out.data(), padded);
}

// Scores of one state's actions: tokens are rows of the lower layer's output for `vectors`, negative for none.
std::vector<float> run_state(const Weights& weights, const std::string& name, const Matrix& vectors,
                             const std::vector<int32_t>& tokens, int hidden, const std::string& precision) {
  if (hidden < 1) throw Error(ErrorKind::settings, "hidden: expected at least 1");
  const int wide = dimension(weights, name + ".padding", 1);
  const StateNetwork network(weights, name, dimension(weights, name + ".lower", 1),
                             {dimension(weights, name + ".padding", 0), hidden, wide / hidden,
                              dimension(weights, name + ".upper.weight", 0)}, precision_of(precision));
  check_rows(vectors, dimension(weights, name + ".lower", 1));
  const StateLayers& layers = network.layers();
  const size_t n = vectors.shape(0);
  if (tokens.size() > size_t(kMostFeatures) || tokens.size() != size_t(layers.n_features)) throw Error(ErrorKind::settings, "tokens: expected one a feature");
  for (int32_t token : tokens)
    if (token >= int64_t(n)) throw Error(ErrorKind::settings, "tokens: " + std::to_string(token) + " is past the last row");
  std::vector<float> rows(n * size_t(layers.row_size())), scratch(size_t(layers.pieces * layers.hidden)),
      scores(size_t(layers.padded_actions()));
  network.lower(vectors.data(), vectors.shape(1), n, rows.data());
  layers.score(rows.data(), tokens.data(), scratch.data(), scores.data());
  scores.resize(size_t(layers.n_actions));
  return scores;
}

void bind_encoder(nb::module_& m) {
  nb::class_<EncoderSettings>(m, "EncoderSettings")
      .def("__init__",
           [](EncoderSettings* self, int width, int depth, int window, int pieces, std::vector<int> dilations,
              std::vector<int32_t> rows, const FeatureSettings& features, int vector_words, int vector_length,
              int recurrent_layers, int recurrent_units, int vector_rows) {
             new (self) EncoderSettings{width, depth, window, pieces, std::move(dilations), std::move(rows), features,
                                        vector_words, vector_length, recurrent_layers, recurrent_units, vector_rows};
           },
           nb::arg("width"), nb::arg("depth"), nb::arg("window"), nb::arg("pieces"), nb::arg("dilations"),
           nb::arg("rows"), nb::arg("features"), nb::arg("vector_words") = 0, nb::arg("vector_length") = 0,
           nb::arg("recurrent_layers") = 0, nb::arg("recurrent_units") = 0, nb::arg("vector_rows") = 0);
  nb::class_<Encoder>(m, "Encoder")
      .def("__init__",
           [](Encoder* self, const EncoderSettings& settings, const Weights& weights, const std::string& precision) {
             new (self) Encoder(settings, weights, precision_of(precision));
           },
           nb::arg("settings"), nb::arg("weights"), nb::arg("precision") = "fp32")
      .def("encode",
           [](const Encoder& encoder, const Doc& doc, size_t cache_types) {
             Encoder::State state(cache_types);
             const float* vectors = encoder.encode(doc, {0, doc.size()}, state);
             return new_matrix(doc.size(), size_t(encoder.width()), vectors, encoder.stride());
           },
           nb::arg("doc"), nb::arg("cache_types") = 4096);
}

}  // namespace

void bind_network(nb::module_& m) {
  nb::class_<Weights>(m, "Weights")
      .def(nb::init<>())
      .def("add",
           [](Weights& weights, const std::string& name, const std::string& dtype, const std::vector<int64_t>& shape,
              nb::handle buffer, bool keep) {
             const auto owner = std::make_shared<const Buffer>(buffer);
             weights.add(name, weight_type(name, dtype), shape, owner->bytes(), keep ? owner : nullptr);
           },
           nb::arg("name"), nb::arg("dtype"), nb::arg("shape"), nb::arg("buffer"), nb::arg("keep") = false,
           "keep: bytes (I8) stay where they are, and the buffer lives as long as anything made of them.")
      .def("add_steps",
           [](Weights& weights, const std::string& name, nb::handle buffer) {
             weights.add_steps(name, Buffer(buffer).bytes());
           },
           nb::arg("name"), nb::arg("buffer"))
      .def("add_keys",
           [](Weights& weights, const std::string& name, nb::handle buffer) {
             weights.add_keys(name, Buffer(buffer).bytes());
           },
           nb::arg("name"), nb::arg("buffer"))
      .def("names", [](const Weights& weights) {
        std::vector<std::string> names;
        for (const auto& [name, weight] : weights.all()) names.push_back(name);
        return names;
      });
  bind_encoder(m);
  m.def("kernel_name", [] { return std::string(kernels().name); });
  m.def("fast_bytes", [] { return kernels().fast_bytes; }, "Whether this processor multiplies bytes faster than floats.");
  m.def("sum_exp", [](std::vector<float> values, int singles, int middle, float top) {
    const int n = int(values.size());
    if (singles < 0 || singles > 3 || singles > middle || middle > n)
      throw Error(ErrorKind::settings, "sum_exp: expected 0 ≤ singles ≤ middle ≤ values, and 3 singles at most");
    values.resize(size_t(padded_width(n)));
    std::vector<float> sums(size_t(singles) + 2);
    kernels().sum_exp({values.data(), singles, middle, n, top}, sums.data());
    return sums;
  }, nb::arg("values"), nb::arg("singles"), nb::arg("middle"), nb::arg("top"));
  m.def("choose", [](std::vector<float> scores, const std::vector<bool>& allowed) {
    const size_t padded = size_t(padded_width(int(scores.size())));
    if (allowed.size() != scores.size() || std::find(allowed.begin(), allowed.end(), true) == allowed.end())
      throw Error(ErrorKind::settings, "choose: expected one flag a score, and one that is true");
    std::vector<float> penalties(padded, -std::numeric_limits<float>::infinity());
    for (size_t a = 0; a < allowed.size(); ++a)
      if (allowed[a]) penalties[a] = 0.0f;
    const int n = int(scores.size());
    scores.resize(padded);
    return kernels().choose(scores.data(), penalties.data(), n);
  }, nb::arg("scores"), nb::arg("allowed"));
  m.def("affine", &run_affine, nb::arg("weights"), nb::arg("name"), nb::arg("rows"), nb::arg("precision") = "fp32");
  m.def("maxout_norm", &run_maxout_norm, nb::arg("weights"), nb::arg("name"), nb::arg("rows"),
        nb::arg("precision") = "fp32");
  m.def("score_state", &run_state, nb::arg("weights"), nb::arg("name"), nb::arg("vectors"), nb::arg("tokens"),
        nb::arg("hidden"), nb::arg("precision") = "fp32");
  m.def("edit_tree",
        [](nb::str form, nb::str lemma) {
          return text_to_python(EditTree::make(text_from_python(form), text_from_python(lemma)));
        },
        nb::arg("form"), nb::arg("lemma"));
  m.def("apply_edit_tree",
        [](nb::str label, nb::str form) -> std::optional<nb::str> {
          const std::string text = text_from_python(form);
          const EditTree tree(text_from_python(label));
          TreeForm read;
          std::string lemma;
          read.read(text);
          if (!tree.apply(read, lemma)) return std::nullopt;
          return text_to_python(lemma);
        },
        nb::arg("label"), nb::arg("form"));
}
