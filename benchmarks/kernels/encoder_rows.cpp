#include <algorithm>
#include <cmath>

#include "encoder/encoder.h"
#include "random_weights.h"
#include "rows.h"

using namespace treelet;

namespace {

constexpr int32_t kTableRows = 500;

void add_recurrent_weights(Weights& weights, const std::string& name, const Options& o) {
  add_affine(weights, name + ".ahead", {o.width, 2 * o.recurrent_units});
  add_affine(weights, name + ".back", {o.width, 2 * o.recurrent_units});
  add_maxout(weights, name + ".mix", o.width, {o.width + 2 * o.recurrent_units, o.pieces * o.width});
}

std::vector<Product> recurrent_products(const Options& o) {
  return {{o.width, 2 * o.recurrent_units},
          {o.width, 2 * o.recurrent_units},
          {o.width + 2 * o.recurrent_units, o.pieces * o.width}};
}

EncoderSettings settings_of(const Options& o) {
  EncoderSettings settings;
  settings.width = o.width;
  settings.depth = o.depth;
  settings.window = o.window;
  settings.pieces = o.pieces;
  settings.dilations.assign(size_t(o.depth), 1);
  settings.features = {{1, 3}, {2, 3, 4}, 4};
  settings.rows.assign(7, kTableRows);
  settings.recurrent_layers = o.recurrent_layers;
  settings.recurrent_units = o.recurrent_units;
  return settings;
}

Weights encoder_weights(const Options& o, const EncoderSettings& settings) {
  Weights weights;
  const FeatureTables features(settings.features, settings.rows);
  for (size_t t = 0; t < features.size(); ++t) add_random(weights, "embed." + features.name(t), {kTableRows, o.width});
  add_maxout(weights, "mix", o.width, {int(features.size()) * o.width, o.pieces * o.width});
  for (int l = 0; l < o.depth; ++l)
    add_maxout(weights, "encoder." + std::to_string(l), o.width, {(2 * o.window + 1) * o.width, o.pieces * o.width});
  for (int l = 0; l < o.recurrent_layers; ++l) add_recurrent_weights(weights, "recurrent." + std::to_string(l), o);
  return weights;
}

// Rank r as often as 1/r.
Doc text_of(size_t words, size_t types) {
  Doc doc;
  uint32_t state = 1;
  for (size_t i = 0; i < words; ++i) {
    state = state * 1664525u + 1013904223u;
    const double place = double(state >> 8) / double(1u << 24);
    doc.add_token("word" + std::to_string(size_t(std::exp(place * std::log(double(types))))), {}, " ");
  }
  return doc;
}

}  // namespace

void add_encoder(std::vector<Benchmark>& rows, const Options& o, Precision precision) {
  if (o.recurrent_layers > 0) {
    const RecurrentShape shape{o.width, o.recurrent_units, o.pieces};
    Weights weights;
    add_recurrent_weights(weights, "layer", o);
    auto layer = std::make_shared<const RecurrentLayer>(weights, "layer", shape, precision);
    auto state = std::make_shared<RecurrentLayer::State>();
    auto vectors = std::make_shared<AlignedFloats>(o.words * size_t(shape.stride()));
    // In place, again and again: every layer adds to the vectors, which must not grow without end.
    auto fresh = std::make_shared<AlignedFloats>(vectors->size());
    for (size_t i = 0; i < fresh->size(); ++i) (*fresh)[i] = float(i % 19) * 0.05f - 0.5f;
    rows.push_back({"recurrent layer", name_of(precision), operations_of(recurrent_products(o)), o.words,
                    recurrent_products(o), [layer, state, vectors, fresh, n = o.words] {
                      std::copy_n(fresh->data(), fresh->size(), vectors->data());
                      layer->apply(vectors->data(), n, *state);
                    }});
  }

  const EncoderSettings settings = settings_of(o);
  auto encoder = std::make_shared<const Encoder>(settings, encoder_weights(o, settings), precision);
  auto state = std::make_shared<Encoder::State>();
  auto doc = std::make_shared<const Doc>(text_of(o.words, o.types));
  const WordRange all{0, doc->size()};
  std::vector<Product> products;
  for (int l = 1; l < o.depth; ++l) products.push_back({(2 * o.window + 1) * o.width, o.pieces * o.width});
  for (int l = 0; l < o.recurrent_layers; ++l)
    for (const Product& product : recurrent_products(o)) products.push_back(product);
  rows.push_back({"encoder, known types", name_of(precision), operations_of(products), o.words, products,
                  [encoder, state, doc, all] { encoder->encode(*doc, all, *state); }});
  rows.push_back({"encoder, new types", name_of(precision), 0.0, o.words, {}, [encoder, doc, all] {
                    Encoder::State none;
                    encoder->encode(*doc, all, none);
                  }});
}
