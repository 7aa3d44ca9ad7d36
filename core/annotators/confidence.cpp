#include "annotators/confidence.h"

#include <algorithm>

namespace treelet {

namespace {

void read(const Weights& weights, const std::string& name, const std::vector<int64_t>& shape, float* to) {
  if (!weights.all().contains(name)) return;
  const auto& values = weights.get(name, shape);
  std::copy(values.begin(), values.end(), to);
}

}  // namespace

HeadCalibration::HeadCalibration(const Weights& weights, const std::string& name) {
  read(weights, name + ".calibration", {3, 4}, &head[0][0]);
  read(weights, name + ".label_calibration", {2}, label);
}

EntityCalibration::EntityCalibration(const Weights& weights, const std::string& name) {
  read(weights, name + ".calibration", {5}, this->weights);
}

}  // namespace treelet
