// Maxout, scans and sums of state rows with their gradients, over arrays that PyTorch owns.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <string>

#include "base/error.h"
#include "bindings/released_gil.h"
#include "network/gradients.h"

namespace nb = nanobind;
using namespace treelet;

namespace {

template <class T, size_t Axes>
using Array = nb::ndarray<T, nb::ndim<Axes>, nb::c_contig, nb::device::cpu>;

void check(bool holds, const char* what) {
  if (!holds) throw Error(ErrorKind::training, std::string("gradients: the arrays do not fit: ") + what);
}

int pieces_of(size_t columns, size_t width) {
  check(width > 0 && columns % width == 0 && columns / width <= 64, "columns are pieces · width");
  return int(columns / width);
}

ScanView scan_of(const Array<const float, 2>& gates, const Array<const uint8_t, 1>& first, size_t units, bool back) {
  check(units > 0 && gates.shape(1) == 2 * units && first.shape(0) == gates.shape(0), "gates are (n, 2 · units), first (n)");
  return {gates.data(), first.data(), gates.shape(0), units, back};
}

NamedRows named(const Array<const int32_t, 2>& positions, size_t n_tokens, size_t wide) {
  return {positions.data(), positions.shape(0), positions.shape(1), n_tokens, wide};
}

}  // namespace

void bind_gradients(nb::module_& m) {
  m.def(
      "maxout_forward",
      [](Array<const float, 2> x, Array<float, 2> best, Array<int32_t, 2> which) {
        const size_t n = x.shape(0), width = best.shape(1);
        check(best.shape(0) == n && which.shape(0) == n && which.shape(1) == width, "best and which are (n, width)");
        const int pieces = pieces_of(x.shape(1), width);
        const ReleasedGil release;
        maxout_forward(x.data(), n, width, pieces, best.data(), which.data());
      },
      nb::arg("x").noconvert(), nb::arg("best").noconvert(), nb::arg("which").noconvert(),
      "x (n, pieces · width), piece-major, into best and which (n, width): the maximum and the piece that reached it.");
  m.def(
      "maxout_backward",
      [](Array<const float, 2> gradient, Array<const int32_t, 2> which, Array<float, 2> out) {
        const size_t n = gradient.shape(0), width = gradient.shape(1);
        check(which.shape(0) == n && which.shape(1) == width && out.shape(0) == n, "which is (n, width), out has n rows");
        const int pieces = pieces_of(out.shape(1), width);
        const ReleasedGil release;
        maxout_backward(gradient.data(), which.data(), n, width, pieces, out.data());
      },
      nb::arg("gradient").noconvert(), nb::arg("which").noconvert(), nb::arg("out").noconvert(),
      "Gradient of the maximum (n, width) into out (n, pieces · width).");
  m.def(
      "scan_forward",
      [](Array<const float, 2> gates, Array<const uint8_t, 1> first, bool back, Array<float, 2> forget, Array<float, 2> sums) {
        const ScanView scan = scan_of(gates, first, sums.shape(1), back);
        check(sums.shape(0) == scan.n && forget.shape(0) == scan.n && forget.shape(1) == scan.units,
              "forget and sums are (n, units)");
        const ReleasedGil release;
        scan_forward(scan, forget.data(), sums.data());
      },
      nb::arg("gates").noconvert(), nb::arg("first").noconvert(), nb::arg("back"), nb::arg("forget").noconvert(),
      nb::arg("sums").noconvert(),
      "Gated sums of gates (n, 2 · units) into forget and sums (n, units); first (n) is 1 where a document starts.");
  m.def(
      "scan_backward",
      [](Array<const float, 2> gates, Array<const uint8_t, 1> first, bool back, Array<const float, 2> forget,
         Array<const float, 2> sums, Array<const float, 2> gradient, Array<float, 2> out) {
        const ScanView scan = scan_of(gates, first, sums.shape(1), back);
        for (const auto* array : {&forget, &sums, &gradient})
          check(array->shape(0) == scan.n && array->shape(1) == scan.units, "forget, sums and gradient are (n, units)");
        check(out.shape(0) == scan.n && out.shape(1) == 2 * scan.units, "out is (n, 2 · units)");
        const ReleasedGil release;
        scan_backward(scan, forget.data(), sums.data(), gradient.data(), out.data());
      },
      nb::arg("gates").noconvert(), nb::arg("first").noconvert(), nb::arg("back"), nb::arg("forget").noconvert(),
      nb::arg("sums").noconvert(), nb::arg("gradient").noconvert(), nb::arg("out").noconvert(),
      "Gradient of the sums (n, units) into out (n, 2 · units).");
  m.def(
      "sum_rows_forward",
      [](Array<const float, 3> rows, Array<const float, 2> padding, Array<const int32_t, 2> positions,
         Array<float, 2> out) {
        const size_t wide = rows.shape(2);
        check(padding.shape(0) == rows.shape(1) && padding.shape(1) == wide, "padding is (features, wide)");
        check(positions.shape(1) == rows.shape(1), "positions are (states, features)");
        check(out.shape(0) == positions.shape(0) && out.shape(1) == wide, "out is (states, wide)");
        const ReleasedGil release;
        sum_rows_forward(named(positions, rows.shape(0), wide), rows.data(), padding.data(), out.data());
      },
      nb::arg("rows").noconvert(), nb::arg("padding").noconvert(), nb::arg("positions").noconvert(),
      nb::arg("out").noconvert(),
      "Sums of the rows (tokens, features, wide) that states name, into out (states, wide); others take padding.");
  m.def(
      "sum_rows_backward",
      [](Array<const float, 2> gradient, Array<const int32_t, 2> positions, Array<float, 3> rows,
         Array<float, 2> padding) {
        const size_t wide = rows.shape(2);
        check(padding.shape(0) == rows.shape(1) && padding.shape(1) == wide, "padding is (features, wide)");
        check(positions.shape(1) == rows.shape(1), "positions are (states, features)");
        check(gradient.shape(0) == positions.shape(0) && gradient.shape(1) == wide, "gradient is (states, wide)");
        const ReleasedGil release;
        sum_rows_backward(named(positions, rows.shape(0), wide), gradient.data(), rows.data(), padding.data());
      },
      nb::arg("gradient").noconvert(), nb::arg("positions").noconvert(), nb::arg("rows").noconvert(),
      nb::arg("padding").noconvert(), "Adds the gradient of every sum to the rows and paddings that made it.");
}
