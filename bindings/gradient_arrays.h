// Arrays that PyTorch owns, their shapes checked, as what the loops of teaching take.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <string>

#include "base/error.h"
#include "network/gradients_kernels.h"

namespace treelet {

template <class T, size_t Axes>
using GradientArray = nanobind::ndarray<T, nanobind::ndim<Axes>, nanobind::c_contig, nanobind::device::cpu>;
using Matrix = GradientArray<float, 2>;
using Row = GradientArray<float, 1>;
using ConstMatrix = GradientArray<const float, 2>;
using ConstRow = GradientArray<const float, 1>;
using Bytes = GradientArray<uint8_t, 2>;
using ConstBytes = GradientArray<const uint8_t, 2>;
using Drop = std::pair<uint64_t, int>;  // seed, cut

inline void check_fit(bool holds, const char* what) {
  if (!holds) throw Error(ErrorKind::training, std::string("gradients: the arrays do not fit: ") + what);
}

template <class A>
void check_rows(const A& array, size_t rows, size_t columns, const char* what) {
  check_fit(array.shape(0) == rows && array.shape(1) == columns, what);
}

template <class A>
void check_size(const A& array, size_t size, const char* what) {
  check_fit(array.shape(0) == size, what);
}

inline Dropping dropping(const Drop& drop) {
  check_fit(drop.second >= 0 && drop.second < 256, "a cut is 0 to 255");
  return {drop.first, drop.second};
}

inline int pieces_of(size_t columns, size_t width) {
  check_fit(width > 0 && columns > 0 && columns % width == 0 && columns / width <= 64, "columns are pieces · width");
  return int(columns / width);
}

}  // namespace treelet
