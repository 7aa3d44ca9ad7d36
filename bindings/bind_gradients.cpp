// Maxout with its gradient, over arrays that PyTorch owns.
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
}
