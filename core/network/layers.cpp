#include "network/layers.h"

#include "base/error.h"

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

// Where output `row` of the packed matrix comes from, or −1 for padding.
struct Packing {
  int panels, group;
  int row_step;    // rows from one panel to the next
  int group_step;  // rows from one vector of a panel to the next
  int end;         // rows of one vector group that exist: panel·row_step + lane < end
};

PackedView pack(const float* weight, const float* bias, int outputs, int inputs, const Packing& packing,
                AlignedFloats& packed, AlignedFloats& packed_bias) {
  const int lanes = kernels().lanes;
  const int wide = packing.group * lanes;
  packed.resize(size_t(packing.panels) * size_t(inputs) * size_t(wide));
  packed_bias.resize(size_t(packing.panels) * size_t(wide));
  for (int panel = 0; panel < packing.panels; ++panel) {
    for (int g = 0; g < packing.group; ++g) {
      for (int lane = 0; lane < lanes; ++lane) {
        const int within = panel * packing.row_step + lane;
        const int row = within + g * packing.group_step;
        if (within >= packing.end || row >= outputs) continue;
        const size_t at = size_t(g * lanes + lane);
        packed_bias[size_t(panel * wide) + at] = bias ? bias[row] : 0.0f;
        for (int k = 0; k < inputs; ++k)
          packed[(size_t(panel) * size_t(inputs) + size_t(k)) * size_t(wide) + at] =
              weight[size_t(row) * size_t(inputs) + size_t(k)];
      }
    }
  }
  return {packed.data(), packed_bias.data(), inputs, outputs, packing.panels, packing.group};
}

}  // namespace

Affine::Affine(const float* weight, const float* bias, int outputs, int inputs) {
  const int lanes = kernels().lanes;
  const int group = choose_group(outputs, lanes);
  const int panels = (outputs + group * lanes - 1) / (group * lanes);
  view_ = pack(weight, bias, outputs, inputs, {panels, group, group * lanes, lanes, outputs}, weight_, bias_);
}

Affine::Affine(const Weights& weights, const std::string& name, int outputs, int inputs)
    : Affine(weights.get(name + ".weight", {outputs, inputs}).data(), weights.get(name + ".bias", {outputs}).data(),
             outputs, inputs) {}

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

MaxoutNorm::MaxoutNorm(const Weights& weights, const std::string& name, int width, int pieces, int inputs)
    : norm_(weights, name, width) {
  if (pieces < 1 || pieces > kMaxPieces)
    throw Error(ErrorKind::package, "weights: " + name + ": " + std::to_string(pieces) + " pieces, expected 1 to 8");
  const int lanes = kernels().lanes;
  const int panels = padded_width(width) / lanes;  // the padding comes out as zeros
  view_ = pack(weights.get(name + ".weight", {pieces * width, inputs}).data(),
               weights.get(name + ".bias", {pieces * width}).data(), pieces * width, inputs,
               {panels, pieces, lanes, width, width}, weight_, bias_);
}

}  // namespace treelet
