#include "network/layers.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "network/byte_row.h"

namespace treelet {

namespace {

// Vectors a panel: as many as keep the tile busy, as few padded outputs as possible.
int choose_group(int outputs, int lanes) {
  const int vectors = (outputs + lanes - 1) / lanes;
  int best = 1, best_padded = vectors;
  for (int group : {3, 2}) {
    const int padded = (vectors + group - 1) / group * group;
    // A narrower group does less work a load: worth a twelfth of padding.
    if (padded * 12 <= best_padded * 13 && group > best) {
      best = group;
      best_padded = padded;
    }
  }
  return best;
}

}  // namespace

// Where output `row` of the packed matrix comes from, or −1 for padding.
struct PackedMatrix::Packing {
  int panels, group;
  int row_step;    // rows from one panel to the next
  int group_step;  // rows from one vector of a panel to the next
  int end;         // rows of one vector group that exist: panel·row_step + lane < end

  // visit(place, row): every output that exists, by panel, vector and lane.
  template <class Visit>
  void each(int outputs, Visit visit) const {
    const int lanes = kernels().lanes;
    for (int panel = 0; panel < panels; ++panel)
      for (int g = 0; g < group; ++g)
        for (int lane = 0; lane < lanes; ++lane) {
          const int within = panel * row_step + lane, row = within + g * group_step;
          if (within < end && row < outputs) visit(panel, g * lanes + lane, size_t(row));
        }
  }
};

PackedMatrix::PackedMatrix(const Source& source, Precision precision) {
  const int lanes = kernels().lanes, group = choose_group(source.outputs, lanes);
  const int panels = (source.outputs + group * lanes - 1) / (group * lanes);
  pack(source, {panels, group, group * lanes, lanes, source.outputs}, precision);
}

PackedMatrix::PackedMatrix(const Source& source, int pieces, Precision precision) {
  const int lanes = kernels().lanes, width = source.outputs / pieces;
  pack(source, {padded_width(width) / lanes, pieces, lanes, width, width}, precision);  // the padding comes out as zeros
}

void PackedMatrix::pack(const Source& source, const Packing& packing, Precision precision) {
  in_bytes_ = precision == Precision::int8 && source.inputs <= kMostByteInputs;
  const size_t wide = size_t(packing.group * kernels().lanes);
  bias_.resize(size_t(packing.panels) * wide);
  packing.each(source.outputs, [&](int panel, int at, size_t row) {
    bias_[size_t(panel) * wide + size_t(at)] = source.bias ? source.bias[row] : 0.0f;
  });
  if (in_bytes_) pack_bytes(source, packing);
  else pack_floats(source, packing);
  floats_ = {weight_.data(), bias_.data(), source.inputs, source.outputs, packing.panels, packing.group};
  bytes_ = {weight_bytes_.data(), scale_.data(), offset_.data(), bias_.data(),
            source.inputs, source.outputs, packing.panels, packing.group};
}

void PackedMatrix::pack_floats(const Source& source, const Packing& packing) {
  const size_t inputs = size_t(source.inputs), wide = size_t(packing.group * kernels().lanes);
  weight_.resize(size_t(packing.panels) * inputs * wide);
  packing.each(source.outputs, [&](int panel, int at, size_t row) {
    float* to = weight_.data() + size_t(panel) * inputs * wide + size_t(at);
    for (size_t k = 0; k < inputs; ++k) to[k * wide] = source.weight[row * inputs + k];
  });
}

void PackedMatrix::pack_bytes(const Source& source, const Packing& packing) {
  const size_t inputs = size_t(source.inputs), fours = (inputs + 3) / 4;
  const size_t wide = size_t(packing.group * kernels().lanes), outputs = size_t(packing.panels) * wide;
  weight_bytes_.resize(outputs * fours * 4);
  scale_.resize(outputs);
  offset_.assign(outputs, 0);
  packing.each(source.outputs, [&](int panel, int at, size_t row) {
    const ByteRow rounded(source.weight + row * inputs, inputs);
    const size_t place = size_t(panel) * wide + size_t(at);
    int8_t* to = weight_bytes_.data() + (size_t(panel) * fours * wide + size_t(at)) * 4;
    for (size_t k = 0; k < inputs; ++k) to[k / 4 * wide * 4 + k % 4] = rounded.bytes[k];
    scale_[place] = rounded.step;
    offset_[place] = rounded.offset;
  });
}

Affine::Affine(const Weights& weights, const std::string& name, int outputs, int inputs, Precision precision)
    : Affine({weights.get(name + ".weight", {outputs, inputs}).data(), weights.get(name + ".bias", {outputs}).data(),
              outputs, inputs},
             precision) {}

Norm::Norm(const Weights& weights, const std::string& name, int width) {
  const int padded = padded_width(width);
  values_.resize(size_t(padded) * 3);
  const auto& gain = weights.get(name + ".gain", {width});
  const auto& shift = weights.get(name + ".shift", {width});
  for (int i = 0; i < width; ++i) {
    values_[size_t(i)] = gain[size_t(i)];
    values_[size_t(padded + i)] = shift[size_t(i)];
    values_[size_t(2 * padded + i)] = 1.0f;
  }
  view_ = {values_.data(), values_.data() + padded, values_.data() + 2 * padded, width, padded};
}

MaxoutNorm::MaxoutNorm(const Weights& weights, const std::string& name, const MaxoutShape& shape, const float* weight,
                       Precision precision)
    : norm_(weights, name, shape.width) {
  if (shape.pieces < 1 || shape.pieces > kMaxPieces)
    throw Error(ErrorKind::package,
                "weights: " + name + ": " + std::to_string(shape.pieces) + " pieces, expected 1 to 8");
  if (shape.width > kMaxWidth)
    throw Error(ErrorKind::package, "weights: " + name + ": " + std::to_string(shape.width) + " units, expected 1 to " +
                                        std::to_string(kMaxWidth));
  const int outputs = shape.pieces * shape.width;
  const float* bias = weights.get(name + ".bias", {outputs}).data();
  matrix_ = PackedMatrix({weight, bias, outputs, shape.inputs}, shape.pieces, precision);
}

MaxoutNorm::MaxoutNorm(const Weights& weights, const std::string& name, const MaxoutShape& shape, Precision precision)
    : MaxoutNorm(weights, name, shape,
                 weights.get(name + ".weight", {shape.pieces * shape.width, shape.inputs}).data(), precision) {}

}  // namespace treelet
