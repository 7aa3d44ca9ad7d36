// Hidden units of states, losses, and the steps of Adam in teaching, over arrays that PyTorch owns.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "bindings/gradient_arrays.h"
#include "bindings/released_gil.h"
#include "network/gradients.h"
#include "network/gradients_adam.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

StatesView states_view(const GradientArray<const int32_t, 2>& positions, size_t n_tokens, size_t hidden,
                       const ConstMatrix& padding, const ConstRow& bias, const Drop& drop) {
  const size_t wide = padding.shape(1);
  check_fit(positions.shape(1) == padding.shape(0), "positions are (states, features), padding (features, wide)");
  check_size(bias, wide, "bias is (pieces · hidden)");
  return {positions.data(), positions.shape(0), positions.shape(1),       n_tokens,     hidden,
          false,            pieces_of(wide, hidden), padding.data(), bias.data(), dropping(drop)};
}

// rows (tokens, features · wide).
template <class M>
void check_state_rows(const M& rows, const StatesView& view) {
  check_fit(rows.shape(1) == view.n_features * view.hidden * size_t(view.pieces), "rows are (tokens, features · wide)");
}

void states_forward(ConstMatrix rows, GradientArray<const int32_t, 2> positions, ConstMatrix padding, ConstRow bias,
                    const Drop& drop, Bytes which, Matrix hidden) {
  const StatesView view = states_view(positions, rows.shape(0), hidden.shape(1), padding, bias, drop);
  check_state_rows(rows, view);
  check_rows(which, view.n_states, view.hidden, "which is (states, hidden)");
  check_size(hidden, view.n_states, "hidden is (states, hidden)");
  const ReleasedGil release;
  gradient_kernels().states_forward(view, rows.data(), which.data(), hidden.data());
}

void states_backward(ConstMatrix gradient, GradientArray<const int32_t, 2> positions, ConstBytes which, const Drop& drop,
                     Matrix rows, Matrix padding, Row bias) {
  StatesView view = states_view(positions, rows.shape(0), gradient.shape(1), ConstMatrix(padding), ConstRow(bias), drop);
  view.pairs = rows.shape(1) == padding.shape(1);
  if (!view.pairs) check_state_rows(rows, view);
  check_rows(which, view.n_states, view.hidden, "which is (states, hidden)");
  check_size(gradient, view.n_states, "gradient is (states, hidden)");
  const ReleasedGil release;
  gradient_kernels().states_backward(view, which.data(), gradient.data(), rows.data(), padding.data(), bias.data());
}

template <class T>
auto to_array(std::vector<T>&& values) {
  auto* owned = new std::vector<T>(std::move(values));
  const nb::capsule owner(owned, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::ndarray<nb::numpy, T, nb::ndim<1>>(owned->data(), {owned->size()}, owner);
}

auto name_pairs_python(GradientArray<const int32_t, 2> positions, size_t n_tokens) {
  check_fit(n_tokens <= size_t(INT32_MAX), "too many tokens for one batch");
  check_fit(positions.shape(1) == 0 || n_tokens <= size_t(INT32_MAX) / positions.shape(1), "too many pairs for one batch");
  NamedPairs found;
  {
    const ReleasedGil release;
    found = name_pairs(positions.data(), positions.shape(0), positions.shape(1), n_tokens);
  }
  return std::tuple(to_array(std::move(found.tokens)), std::move(found.begins), to_array(std::move(found.pairs)));
}

double label_loss(Matrix scores, ConstRow bias, GradientArray<const int64_t, 1> labels, float smoothing, Row bias_out) {
  const size_t n = scores.shape(0), size = scores.shape(1);
  check_size(bias, size, "bias is (labels)");
  check_size(bias_out, size, "the gradient of bias is (labels)");
  check_size(labels, n, "labels are (tokens)");
  const ReleasedGil release;
  double loss = 0.0;
  for (size_t i = 0; i < n; ++i) {
    const int64_t label = labels.data()[i];
    float* row = scores.data() + i * size;
    check_fit(label >= -1 && label < int64_t(size), "a label's number, or -1");
    if (label < 0) {
      std::fill_n(row, size, 0.0f);
      continue;
    }
    loss += gradient_kernels().label_loss(row, bias.data(), size, size_t(label), smoothing);
    gradient_kernels().add(row, size, bias_out.data());
  }
  return loss;
}

double action_loss(Matrix scores, ConstRow bias, std::optional<ConstBytes> counted, ConstBytes right,
                   std::optional<ConstRow> weights, Row bias_out) {
  const size_t n = scores.shape(0), size = scores.shape(1);
  check_size(bias, size, "bias is (actions)");
  check_size(bias_out, size, "the gradient of bias is (actions)");
  if (counted) check_rows(*counted, n, size, "counted is (states, actions)");
  check_rows(right, n, size, "right is (states, actions)");
  if (weights) check_size(*weights, n, "weights are (states)");
  const ReleasedGil release;
  double loss = 0.0;
  for (size_t i = 0; i < n; ++i) {
    float* row = scores.data() + i * size;
    loss += gradient_kernels().action_loss(row, bias.data(), size, counted ? counted->data() + i * size : nullptr,
                                           right.data() + i * size, weights ? weights->data()[i] : 1.0f);
    gradient_kernels().add(row, size, bias_out.data());
  }
  return loss;
}

// Adam, and the arrays it works on.
struct AdamObject {
  Adam adam;
  std::vector<Matrix> owners;
};

void add_parameter(AdamObject& self, Matrix value, std::optional<Matrix> average, bool is_table) {
  if (average) check_rows(*average, value.shape(0), value.shape(1), "an average has the shape of its parameter");
  check_fit(value.shape(0) < UINT32_MAX && (!is_table || value.shape(1) > 0), "a table has rows");
  self.adam.add(value.data(), average ? average->data() : nullptr, value.size(), is_table ? value.shape(1) : 0);
  self.owners.push_back(value);
  if (average) self.owners.push_back(*average);
}

void look_up(AdamObject& self, size_t table, GradientArray<const int64_t, 1> rows) {
  check_fit(table < self.adam.size(), "a parameter's number");
  for (size_t i = 0; i < rows.shape(0); ++i)
    check_fit(rows.data()[i] >= 0 && size_t(rows.data()[i]) < self.adam.rows_of(table), "a row of a table");
  const ReleasedGil release;
  self.adam.look_up(table, rows.data(), rows.shape(0));
}

double adam_step(AdamObject& self, const std::vector<std::optional<Matrix>>& gradients, float rate, float weight_decay,
                 float blend, float clip) {
  check_fit(gradients.size() == self.adam.size(), "a gradient for each parameter");
  std::vector<float*> found;
  for (size_t i = 0; i < gradients.size(); ++i) {
    check_fit(gradients[i] || self.adam.rows_of(i) == 0, "a table has a gradient at every step");
    if (gradients[i]) check_fit(gradients[i]->size() == self.adam.size_of(i), "a gradient has the shape of its parameter");
    found.push_back(gradients[i] ? gradients[i]->data() : nullptr);
  }
  const ReleasedGil release;
  return self.adam.step(found, {rate, weight_decay, blend, clip});
}

void freeze(AdamObject& self, size_t parameter, bool frozen) {
  check_fit(parameter < self.adam.size(), "a parameter's number");
  const ReleasedGil release;
  self.adam.catch_up();
  self.adam.freeze(parameter, frozen);
}

void copy_memory(AdamObject& self, size_t parameter, Row first, Row second) {
  check_fit(parameter < self.adam.size(), "a parameter's number");
  check_size(first, self.adam.size_of(parameter), "first moments have the size of their parameter");
  check_size(second, self.adam.size_of(parameter), "second moments have the size of their parameter");
  const ReleasedGil release;
  self.adam.catch_up();
  const Adam::Memory memory = self.adam.memory(parameter);
  std::copy_n(memory.first, first.size(), first.data());
  std::copy_n(memory.second, second.size(), second.data());
}

int64_t steps_made(const AdamObject& self, size_t parameter) {
  check_fit(parameter < self.adam.size(), "a parameter's number");
  return self.adam.memory(parameter).steps;
}

void remember(AdamObject& self, size_t parameter, ConstRow first, ConstRow second, int64_t steps) {
  check_fit(parameter < self.adam.size(), "a parameter's number");
  check_size(first, self.adam.size_of(parameter), "first moments have the size of their parameter");
  check_size(second, self.adam.size_of(parameter), "second moments have the size of their parameter");
  check_fit(steps >= 0, "a number of steps");
  const ReleasedGil release;
  self.adam.catch_up();
  self.adam.remember(parameter, {first.data(), second.data(), steps});
}

}  // namespace

void bind_gradient_states(nb::module_& m) {
  m.def("states_forward", &states_forward, nb::arg("rows").noconvert(), nb::arg("positions").noconvert(),
        nb::arg("padding").noconvert(), nb::arg("bias").noconvert(), nb::arg("drop"), nb::arg("which").noconvert(),
        nb::arg("hidden").noconvert(),
        "drop(max over pieces of bias + the rows that a state names) into hidden (states, hidden); which is kept for the way "
        "back. rows (tokens, features · wide); a position outside them is padding.");
  m.def("states_backward", &states_backward, nb::arg("gradient").noconvert(), nb::arg("positions").noconvert(),
        nb::arg("which").noconvert(), nb::arg("drop"), nb::arg("rows").noconvert(), nb::arg("padding").noconvert(),
        nb::arg("bias").noconvert(), "Adds the gradient of the hidden units to those of rows, padding and bias. Rows may be (pairs, wide): positions "
        "then name pairs.");
  m.def("name_pairs", &name_pairs_python, nb::arg("positions").noconvert(), nb::arg("n_tokens"),
        "The tokens that positions (states, features) name at each feature, once each, feature by feature; where each feature "
        "begins; and, flat, which of these pairs a state names, -1 for none.");
  m.def("label_loss", &label_loss, nb::arg("scores").noconvert(), nb::arg("bias").noconvert(),
        nb::arg("labels").noconvert(), nb::arg("smoothing"), nb::arg("bias_out").noconvert(),
        "Sum of the cross-entropies of scores + bias (tokens, labels), which their gradient replaces; that of bias is added to "
        "bias_out. Label -1 counts nothing.");
  m.def("action_loss", &action_loss, nb::arg("scores").noconvert(), nb::arg("bias").noconvert(),
        nb::arg("counted").noconvert().none(), nb::arg("right").noconvert(), nb::arg("weights").noconvert().none(),
        nb::arg("bias_out").noconvert(),
        "Sum over states of -log of the share of the right actions among the counted (all when None); the gradient replaces "
        "scores (states, actions), that of bias is added to bias_out.");
  nb::class_<AdamObject>(m, "Adam", "Adam with decoupled weight decay and a running average, on arrays of PyTorch.")
      .def(nb::init<>())
      .def("add", &add_parameter, nb::arg("value").noconvert(), nb::arg("average").noconvert().none(), nb::arg("table"),
           "One parameter more. The rows of a table may lag behind until look_up() or catch_up().")
      .def("look_up", &look_up, nb::arg("table"), nb::arg("rows").noconvert(),
           "Brings rows of a table up to date; the gradients of the next step are zero elsewhere.")
      .def("step", &adam_step, nb::arg("gradients"), nb::arg("rate"), nb::arg("weight_decay"), nb::arg("blend"),
           nb::arg("clip"),
           "One step; None leaves a parameter as it is. Gradients of tables are set to zero. Returns the norm of all.")
      .def("catch_up", [](AdamObject& self) { const ReleasedGil release; self.adam.catch_up(); },
           "Brings all rows of all tables up to date.")
      .def("freeze", &freeze, nb::arg("parameter"), nb::arg("frozen"),
           "Whether steps leave a parameter, and its average, as they are.")
      .def("copy_memory", &copy_memory, nb::arg("parameter"), nb::arg("first").noconvert(), nb::arg("second").noconvert(),
           "Writes the first and second moments of a parameter into arrays of as many numbers.")
      .def("steps_made", &steps_made, nb::arg("parameter"), "Steps that made the moments of a parameter.")
      .def("remember", &remember, nb::arg("parameter"), nb::arg("first").noconvert(), nb::arg("second").noconvert(),
           nb::arg("steps"), "Takes over the moments of a parameter, and the steps that made them.");
}
