// Layers with their weights packed for the kernels: affine maps, and maxout with LayerNorm.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "network/aligned.h"
#include "network/kernels.h"
#include "network/weights.h"

namespace treelet {

inline int padded_width(int width) { return (width + kRowAlign - 1) / kRowAlign * kRowAlign; }

// rows (n, stride ≥ inputs) as the input of a layer, one segment each.
inline RowsView plain_rows(const float* data, size_t stride, int inputs) { return {data, stride, 0, 1, inputs}; }

struct MaxoutShape {
  int width, pieces, inputs;
};

// The numbers that products are made of. Bytes are several times as fast on processors made for them; what that does to
// accuracy: docs/speed.md.
enum class Precision { fp32, int8 };

// W and b, packed for the kernels.
class PackedMatrix {
 public:
  struct Source {
    const float* weight;  // (outputs, inputs)
    const float* bias;    // (outputs), or null: zeros
    int outputs, inputs;
  };

  PackedMatrix() = default;
  // Outputs in their order.
  PackedMatrix(const Source& source, Precision precision);
  // Outputs are `pieces` of `width` units each; the pieces of a unit come to stand side by side, units are padded.
  PackedMatrix(const Source& source, int pieces, Precision precision);

  int outputs() const { return floats_.outputs; }
  size_t whole_outputs() const { return size_t(floats_.panels * floats_.group * kernels().lanes); }
  void affine(const RowsView& rows, size_t n, float* out, size_t stride) const {
    if (in_bytes_) kernels().affine_bytes(bytes_, rows, n, out, stride);
    else kernels().affine(floats_, rows, n, out, stride);
  }
  void maxout_norm(const NormView& norm, const RowsView& rows, size_t n, float* out, size_t stride,
                   const float* residual) const {
    if (in_bytes_) kernels().maxout_norm_bytes(bytes_, norm, rows, n, residual, out, stride);
    else kernels().maxout_norm(floats_, norm, rows, n, residual, out, stride);
  }

 private:
  struct Packing;
  void pack(const Source& source, const Packing& packing, Precision precision);
  void pack_floats(const Source& source, const Packing& packing);
  void pack_bytes(const Source& source, const Packing& packing);

  AlignedFloats weight_, bias_, scale_;
  AlignedBytes weight_bytes_;
  std::vector<int32_t> offset_;
  PackedView floats_{};
  PackedBytesView bytes_{};
  bool in_bytes_ = false;
};

// x ↦ W x + b, W (outputs, inputs).
class Affine {
 public:
  Affine() = default;
  explicit Affine(const PackedMatrix::Source& source, Precision precision = Precision::fp32)
      : matrix_(source, precision) {}
  // From `<name>.weight` (outputs, inputs) and `<name>.bias` (outputs).
  Affine(const Weights& weights, const std::string& name, int outputs, int inputs,
         Precision precision = Precision::fp32);

  int outputs() const { return matrix_.outputs(); }
  // The stride at which rows of outputs are written soonest.
  size_t whole_outputs() const { return matrix_.whole_outputs(); }
  // out: (n, out_stride ≥ outputs()), nothing of it in use: what follows a row's outputs is overwritten.
  void apply(const RowsView& rows, size_t n, float* out, size_t out_stride) const {
    if (n > 0) matrix_.affine(rows, n, out, out_stride);
  }

 private:
  PackedMatrix matrix_;
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
  // Of `weight` (pieces·width, inputs) and `<name>.bias`, `.gain` and `.shift`.
  MaxoutNorm(const Weights& weights, const std::string& name, const MaxoutShape& shape, const float* weight, Precision precision);
  // From `<name>.weight` (pieces·width, inputs), `.bias`, `.gain` and `.shift`.
  MaxoutNorm(const Weights& weights, const std::string& name, const MaxoutShape& shape,
             Precision precision = Precision::fp32);

  const Norm& norm() const { return norm_; }
  // out, residual: (n, stride ≥ padded_width(width)); residual may be null, and both may be the input's rows.
  void apply(const RowsView& rows, size_t n, float* out, size_t stride, const float* residual = nullptr) const {
    if (n > 0) matrix_.maxout_norm(norm_.view(), rows, n, out, stride, residual);
  }

 private:
  PackedMatrix matrix_;
  Norm norm_;
};

}  // namespace treelet
