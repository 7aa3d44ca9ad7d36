// What lies between the products of the encoder in teaching, over arrays that PyTorch owns.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>

#include <algorithm>
#include <optional>

#include "bindings/gradient_arrays.h"
#include "bindings/released_gil.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

MaxoutNormView norm_view(size_t n, size_t columns, const ConstRow& bias, const ConstRow& gain, const ConstRow& shift,
                         const Drop& drop) {
  const size_t width = gain.shape(0);
  check_size(bias, columns, "bias is (pieces · width)");
  check_size(shift, width, "gain and shift are (width)");
  return {n, width, pieces_of(columns, width), bias.data(), gain.data(), shift.data(), dropping(drop)};
}

MaxoutNormKept kept_of(const MaxoutNormView& view, const Bytes& which, const Matrix& normal, const Row& scale) {
  check_rows(which, view.n, view.width, "which is (n, width)");
  check_rows(normal, view.n, view.width, "normal is (n, width)");
  check_size(scale, view.n, "scale is (n)");
  return {which.data(), normal.data(), scale.data()};
}

void norm_forward(ConstMatrix x, std::optional<ConstMatrix> residual, ConstRow bias, ConstRow gain, ConstRow shift,
                  const Drop& drop, Bytes which, Matrix normal, Row scale, Matrix out) {
  const MaxoutNormView view = norm_view(x.shape(0), x.shape(1), bias, gain, shift, drop);
  const MaxoutNormKept kept = kept_of(view, which, normal, scale);
  if (residual) check_rows(*residual, view.n, view.width, "residual is (n, width)");
  check_rows(out, view.n, view.width, "out is (n, width)");
  const ReleasedGil release;
  gradient_kernels().maxout_norm_forward(view, x.data(), residual ? residual->data() : nullptr, kept, out.data());
}

void norm_backward(ConstMatrix gradient, ConstRow gain, const Drop& drop, Bytes which, Matrix normal, Row scale, Matrix x,
                   Row bias_out, Row gain_out, Row shift_out) {
  const MaxoutNormView view = norm_view(x.shape(0), x.shape(1), ConstRow(bias_out), gain, ConstRow(shift_out), drop);
  const MaxoutNormKept kept = kept_of(view, which, normal, scale);
  check_rows(gradient, view.n, view.width, "gradient is (n, width)");
  check_size(gain_out, view.width, "the gradient of gain is (width)");
  const ReleasedGil release;
  gradient_kernels().maxout_norm_backward(view, kept, gradient.data(),
                                          {x.data(), bias_out.data(), gain_out.data(), shift_out.data()});
}

ScansView scans_view(const ConstMatrix& gates, const ConstRow& bias, const GradientArray<const uint8_t, 1>& first,
                     size_t joined) {
  const size_t units = gates.shape(1) / 4;
  check_fit(units > 0 && gates.shape(1) == 4 * units, "gates are (n, 4 · units)");
  check_size(bias, 4 * units, "bias is (4 · units)");
  check_size(first, gates.shape(0), "first is (n)");
  check_fit(joined > 2 * units, "joined is (n, width + 2 · units)");
  return {gates.shape(0), joined - 2 * units, units, first.data(), gates.data(), bias.data()};
}

void scans_forward(ConstMatrix x, ConstMatrix gates, ConstRow bias, GradientArray<const uint8_t, 1> first, Matrix forget,
                   Matrix joined) {
  const ScansView view = scans_view(gates, bias, first, joined.shape(1));
  check_rows(x, view.n, view.width, "x is (n, width)");
  check_rows(forget, view.n, 2 * view.units, "forget is (n, 2 · units)");
  check_size(joined, view.n, "joined is (n, width + 2 · units)");
  const ReleasedGil release;
  gradient_kernels().scans_forward(view, x.data(), forget.data(), joined.data());
}

void scans_backward(ConstMatrix gradient, ConstMatrix gates, ConstRow bias, GradientArray<const uint8_t, 1> first,
                    ConstMatrix forget, ConstMatrix joined, Matrix gates_out, Row bias_out) {
  const ScansView view = scans_view(gates, bias, first, joined.shape(1));
  check_rows(gradient, view.n, joined.shape(1), "gradient is (n, width + 2 · units)");
  check_rows(forget, view.n, 2 * view.units, "forget is (n, 2 · units)");
  check_size(joined, view.n, "joined is (n, width + 2 · units)");
  check_rows(gates_out, view.n, 4 * view.units, "the gradient of gates is (n, 4 · units)");
  check_size(bias_out, 4 * view.units, "the gradient of bias is (4 · units)");
  const ReleasedGil release;
  gradient_kernels().scans_backward(view, forget.data(), joined.data(), gradient.data(), gates_out.data(), bias_out.data());
}

// wide: (n, (2 · window + 1) · width).
WindowView window_view(const GradientArray<const int64_t, 1>& documents, size_t width, size_t wide, int dilation) {
  check_fit(width > 0 && wide % width == 0 && wide / width % 2 == 1 && wide / width < 1000, "an odd number of neighbours");
  check_fit(dilation > 0 && dilation < 1 << 20, "a dilation is 1 or more");
  return {documents.shape(0), width, int(wide / width / 2), dilation, documents.data()};
}

void window_forward(ConstMatrix x, GradientArray<const int64_t, 1> documents, int dilation, Matrix out) {
  const WindowView view = window_view(documents, x.shape(1), out.shape(1), dilation);
  check_size(x, view.n, "x has a row a word");
  check_size(out, view.n, "out has a row a word");
  const ReleasedGil release;
  gradient_kernels().window_forward(view, x.data(), out.data());
}

void window_backward(ConstMatrix gradient, GradientArray<const int64_t, 1> documents, int dilation, Matrix x) {
  const WindowView view = window_view(documents, x.shape(1), gradient.shape(1), dilation);
  check_size(x, view.n, "x has a row a word");
  check_size(gradient, view.n, "gradient has a row a word");
  const ReleasedGil release;
  gradient_kernels().window_backward(view, gradient.data(), x.data());
}

// rows (types, tables, choices) of tables (rows, width): column `t` of a type is the sum of the rows it chose.
void look_up_forward(GradientArray<const int64_t, 3> rows, size_t table, ConstMatrix values, Matrix out) {
  const size_t n = rows.shape(0), tables = rows.shape(1), choices = rows.shape(2), width = values.shape(1);
  check_fit(table < tables && out.shape(0) == n && out.shape(1) == tables * width, "out is (types, tables · width)");
  const ReleasedGil release;
  for (size_t i = 0; i < n; ++i) {
    float* to = out.data() + (i * tables + table) * width;
    for (size_t c = 0; c < choices; ++c) {
      const int64_t row = rows.data()[(i * tables + table) * choices + c];
      check_fit(row >= 0 && size_t(row) < values.shape(0), "a row of a table");
      const float* from = values.data() + size_t(row) * width;
      if (c == 0) std::copy_n(from, width, to);
      else gradient_kernels().add(from, width, to);
    }
  }
}

void look_up_backward(ConstMatrix gradient, GradientArray<const int64_t, 3> rows, size_t table, Matrix out) {
  const size_t n = rows.shape(0), tables = rows.shape(1), choices = rows.shape(2), width = out.shape(1);
  check_fit(table < tables && gradient.shape(0) == n && gradient.shape(1) == tables * width,
            "gradient is (types, tables · width)");
  const ReleasedGil release;
  for (size_t i = 0; i < n; ++i) {
    const float* from = gradient.data() + (i * tables + table) * width;
    for (size_t c = 0; c < choices; ++c) {
      const int64_t row = rows.data()[(i * tables + table) * choices + c];
      check_fit(row >= 0 && size_t(row) < out.shape(0), "a row of a table");
      gradient_kernels().add(from, width, out.data() + size_t(row) * width);
    }
  }
}

}  // namespace

void bind_gradient_layers(nb::module_& m) {
  m.def("maxout_norm_forward", &norm_forward, nb::arg("x").noconvert(), nb::arg("residual").noconvert().none(),
        nb::arg("bias").noconvert(), nb::arg("gain").noconvert(), nb::arg("shift").noconvert(), nb::arg("drop"),
        nb::arg("which").noconvert(), nb::arg("normal").noconvert(), nb::arg("scale").noconvert(),
        nb::arg("out").noconvert(),
        "residual + drop(gain · LayerNorm(max over pieces of x + bias) + shift) into out (n, width); drop: seed, and how many "
        "of 256 are dropped. which, normal (n, width) and scale (n) are kept for the way back.");
  m.def("maxout_norm_backward", &norm_backward, nb::arg("gradient").noconvert(), nb::arg("gain").noconvert(),
        nb::arg("drop"), nb::arg("which").noconvert(), nb::arg("normal").noconvert(), nb::arg("scale").noconvert(),
        nb::arg("x").noconvert(), nb::arg("bias").noconvert(), nb::arg("gain_out").noconvert(),
        nb::arg("shift").noconvert(),
        "The gradient of the output into that of x, overwritten, and of bias, gain and shift, added to. Uses up normal.");
  m.def("scans_forward", &scans_forward, nb::arg("x").noconvert(), nb::arg("gates").noconvert(),
        nb::arg("bias").noconvert(), nb::arg("first").noconvert(), nb::arg("forget").noconvert(),
        nb::arg("joined").noconvert(),
        "Each word, its sums ahead and its sums back into joined (n, width + 2 · units), from gates (n, 4 · units).");
  m.def("scans_backward", &scans_backward, nb::arg("gradient").noconvert(), nb::arg("gates").noconvert(),
        nb::arg("bias").noconvert(), nb::arg("first").noconvert(), nb::arg("forget").noconvert(),
        nb::arg("joined").noconvert(), nb::arg("gates_out").noconvert(), nb::arg("bias_out").noconvert(),
        "The gradient of joined into that of gates, overwritten, and of bias, added to.");
  m.def("window_forward", &window_forward, nb::arg("x").noconvert(), nb::arg("documents").noconvert(),
        nb::arg("dilation"), nb::arg("out").noconvert(),
        "The neighbours of each word (n, width), left to right, into out; zeros past the ends of its document.");
  m.def("window_backward", &window_backward, nb::arg("gradient").noconvert(), nb::arg("documents").noconvert(),
        nb::arg("dilation"), nb::arg("x").noconvert(), "Adds the gradient of the neighbours to that of the words.");
  m.def("look_up_forward", &look_up_forward, nb::arg("rows").noconvert(), nb::arg("table"),
        nb::arg("values").noconvert(), nb::arg("out").noconvert(),
        "The sum of the rows of a table that each type chose, into its part of out (types, tables · width).");
  m.def("look_up_backward", &look_up_backward, nb::arg("gradient").noconvert(), nb::arg("rows").noconvert(),
        nb::arg("table"), nb::arg("out").noconvert(), "Adds the gradient of the sums to the rows of a table (rows, width).");
}
