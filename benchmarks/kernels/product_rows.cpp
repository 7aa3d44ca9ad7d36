#include <algorithm>

#include "network/layers.h"
#include "network/recurrence.h"
#include "random_weights.h"
#include "reference.h"
#include "rows.h"

using namespace treelet;

namespace {

std::string shape_name(const Product& product) {
  return std::to_string(product.inputs) + " to " + std::to_string(product.outputs);
}

void add_reading(std::vector<Benchmark>& rows, const std::string& name, size_t bytes) {
  auto data = std::make_shared<AlignedFloats>(bytes / sizeof(float));
  rows.push_back({name, "bytes", double(bytes), 1, {}, [data] { reference::loops().read_floats(data->data(), data->size()); }});
}

}  // namespace

void add_ceilings(std::vector<Benchmark>& rows) {
  constexpr size_t kSteps = 4096;
  const reference::Loops& loops = reference::loops();
  const auto add_peak = [&rows](const char* precision, double (*chains)(size_t)) {
    rows.push_back({"peak", precision, chains(1) * double(kSteps), 1, {}, [chains] { chains(kSteps); }});
  };
  add_peak("fp32", loops.fma_chains);
  if (reference::has_int8()) add_peak("int8", loops.int8_chains);
  add_reading(rows, "read, 16 KB", size_t(16) << 10);
  add_reading(rows, "read, 256 KB", size_t(256) << 10);
  add_reading(rows, "read, 8 MB", size_t(8) << 20);
  add_reading(rows, "read, 256 MB", size_t(256) << 20);
}

void add_plain_products(std::vector<Benchmark>& rows) {
  std::vector<std::pair<int, int>> shapes;
  for (const Benchmark& row : rows)
    for (const Product& product : row.products) shapes.emplace_back(product.inputs, product.outputs);
  std::sort(shapes.begin(), shapes.end());
  shapes.erase(std::unique(shapes.begin(), shapes.end()), shapes.end());
  for (const auto& [inputs, outputs] : shapes) {
    const Product product{inputs, outputs};
    for (const bool int8 : {false, true}) {
      if (int8 && !reference::has_int8()) continue;
      auto plain = std::make_shared<reference::PlainProduct>(inputs, outputs, kBlockWords, int8);
      rows.push_back({"plain product, " + shape_name(product), int8 ? "int8" : "fp32", operations_of({product}),
                      kBlockWords, {product}, [plain] { plain->run(); }});
    }
  }
}

void add_layers(std::vector<Benchmark>& rows, const Options& o, Precision precision) {
  const RecurrentShape shape{o.width, o.recurrent_units, o.pieces};
  const size_t stride = size_t(o.recurrent_layers > 0 ? shape.stride() : padded_width(o.width));
  auto inputs = std::make_shared<AlignedFloats>(kBlockWords * stride);
  for (size_t i = 0; i < inputs->size(); ++i) (*inputs)[i] = float(i % 23) * 0.05f - 0.5f;

  std::vector<Named> maps = o.affine;
  if (o.recurrent_layers > 0) maps.push_back({"gates of a recurrent layer, one direction", {o.width, 2 * o.recurrent_units}});
  for (const Named& map : maps) {
    Weights weights;
    add_affine(weights, "map", map.product);
    auto layer = std::make_shared<const Affine>(weights, "map", map.product.outputs, map.product.inputs, precision);
    auto out = std::make_shared<AlignedFloats>(kBlockWords * size_t(map.product.outputs));
    rows.push_back({"affine, " + map.name, name_of(precision), operations_of({map.product}), kBlockWords, {map.product},
                    [layer, inputs, out, stride, map] {
                      layer->apply(plain_rows(inputs->data(), stride, map.product.inputs), kBlockWords, out->data(),
                                   size_t(map.product.outputs));
                    }});
  }

  if (o.recurrent_layers == 0) return;
  const Product mix{o.width + 2 * o.recurrent_units, o.pieces * o.width};
  Weights weights;
  add_maxout(weights, "mix", o.width, mix);
  auto layer = std::make_shared<const MaxoutNorm>(weights, "mix", MaxoutShape{o.width, o.pieces, mix.inputs}, precision);
  auto out = std::make_shared<AlignedFloats>(inputs->size());
  rows.push_back({"maxout, LayerNorm of a recurrent layer", name_of(precision), operations_of({mix}), kBlockWords, {mix},
                  [layer, inputs, out, stride, mix] {
                    layer->apply(plain_rows(inputs->data(), stride, mix.inputs), kBlockWords, out->data(), stride);
                  }});
}
