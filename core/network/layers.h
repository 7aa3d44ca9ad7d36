// Layers with their weights packed for the kernels: affine maps, and maxout with LayerNorm.
#pragma once

#include <string>

#include "network/aligned.h"
#include "network/kernels.h"
#include "network/weights.h"

namespace treelet {

inline int padded_width(int width) { return (width + kRowAlign - 1) / kRowAlign * kRowAlign; }

// rows (n, stride ≥ inputs) as the input of a layer, one segment each.
inline RowsView plain_rows(const float* data, size_t stride, int inputs) { return {data, stride, 0, 1, inputs}; }

// x ↦ W x + b, W (outputs, inputs).
class Affine {
 public:
  Affine() = default;
  // `bias` may be null: zeros.
  Affine(const float* weight, const float* bias, int outputs, int inputs);
  // From `<name>.weight` (outputs, inputs) and `<name>.bias` (outputs).
  Affine(const Weights& weights, const std::string& name, int outputs, int inputs);

  int outputs() const { return view_.outputs; }
  // out: (n, out_stride).
  void apply(const RowsView& rows, size_t n, float* out, size_t out_stride) const {
    if (n > 0) kernels().affine(view_, rows, n, out, out_stride);
  }

 private:
  AlignedFloats weight_, bias_;
  PackedView view_{};
};

// gain and shift of a LayerNorm, padded.
class Norm {
 public:
  Norm() = default;
  Norm(const Weights& weights, const std::string& name, int width);
  const NormView& view() const { return view_; }

 private:
  AlignedFloats values_;
  NormView view_{};
};

// x ↦ [residual +] LayerNorm(max over pieces p of (W_p x + b_p)).
class MaxoutNorm {
 public:
  MaxoutNorm() = default;
  // From `<name>.weight` (pieces·width, inputs), `.bias`, `.gain` and `.shift`.
  MaxoutNorm(const Weights& weights, const std::string& name, int width, int pieces, int inputs);

  const Norm& norm() const { return norm_; }
  // out, residual: (n, padded_width(width)); residual may be null.
  void apply(const RowsView& rows, size_t n, const float* residual, float* out) const {
    if (n > 0) kernels().maxout_norm(view_, norm_.view(), rows, n, residual, out);
  }

 private:
  AlignedFloats weight_, bias_;
  Norm norm_;
  PackedView view_{};
};

}  // namespace treelet
