#include "network/gradients_adam.h"

#include <algorithm>
#include <cmath>

namespace treelet {

namespace {

AdamView from(const AdamView& view, size_t offset) {
  return {view.value + offset, view.first + offset, view.second + offset,
          view.average ? view.average + offset : nullptr};
}

}  // namespace

void Adam::add(float* value, float* average, size_t size, size_t row) {
  Parameter& added = parameters_.emplace_back();
  added.first.resize(size);
  added.second.resize(size);
  added.view = {value, added.first.data(), added.second.data(), average};
  added.size = size;
  added.row = row;
  if (row == 0) return;
  added.done.assign(size / row, 0);
  added.read.assign(size / row, 0);
}

void Adam::catch_up(Parameter& table, size_t row) {
  const AdamView view = from(table.view, row * table.row);
  for (uint32_t& done = table.done[row]; done < table.made.size(); ++done)
    gradient_kernels().adam(view, table.row, nullptr, 0.0f, table.made[done]);
}

void Adam::look_up(size_t table, const int64_t* rows, size_t n) {
  Parameter& of = parameters_[table];
  for (size_t i = 0; i < n; ++i) {
    const auto row = size_t(rows[i]);
    if (of.read[row]) continue;
    of.read[row] = 1;
    of.rows.push_back(uint32_t(row));
    catch_up(of, row);
  }
}

double Adam::norm(const std::vector<float*>& gradients) const {
  double squares = 0.0;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& p = parameters_[i];
    if (!gradients[i] || p.frozen) continue;
    if (p.row == 0) squares += gradient_kernels().sum_of_squares(gradients[i], p.size);
    for (const uint32_t row : p.rows) squares += gradient_kernels().sum_of_squares(gradients[i] + row * p.row, p.row);
  }
  return std::sqrt(squares);
}

AdamStep Adam::next_step(Parameter& parameter, const AdamSizes& sizes) const {
  const auto steps = double(++parameter.steps);
  return {1.0f - sizes.rate * sizes.weight_decay, float(sizes.rate / (1.0 - std::pow(double(kAdamFirst), steps))),
          float(1.0 / std::sqrt(1.0 - std::pow(double(kAdamSecond), steps))), sizes.blend};
}

double Adam::step(const std::vector<float*>& gradients, const AdamSizes& sizes) {
  const double found = norm(gradients);
  const float scale = sizes.clip > 0.0f ? float(std::min(1.0, sizes.clip / (found + 1e-6))) : 1.0f;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    Parameter& p = parameters_[i];
    float* gradient = gradients[i];
    if (p.frozen) {
      for (const uint32_t row : p.rows) {
        if (gradient) std::fill_n(gradient + row * p.row, p.row, 0.0f);
        p.read[row] = 0;
      }
      p.rows.clear();
      continue;
    }
    if (!gradient) {
      if (p.view.average) gradient_kernels().blend(p.view.value, p.size, sizes.blend, p.view.average);
      continue;
    }
    const AdamStep step = next_step(p, sizes);
    if (p.row == 0) gradient_kernels().adam(p.view, p.size, gradient, scale, step);
    else p.made.push_back(step);
    for (const uint32_t row : p.rows) {
      float* of_row = gradient + row * p.row;
      gradient_kernels().adam(from(p.view, row * p.row), p.row, of_row, scale, step);
      std::fill_n(of_row, p.row, 0.0f);
      p.done[row] = uint32_t(p.made.size());
      p.read[row] = 0;
    }
    p.rows.clear();
  }
  return found;
}

void Adam::catch_up() {
  for (Parameter& p : parameters_) {
    for (size_t row = 0; row < p.done.size(); ++row) catch_up(p, row);
    std::fill(p.done.begin(), p.done.end(), 0);
    p.made.clear();
  }
}

Adam::Memory Adam::memory(size_t parameter) const {
  const Parameter& p = parameters_[parameter];
  return {p.first.data(), p.second.data(), p.steps};
}

void Adam::remember(size_t parameter, const Memory& memory) {
  Parameter& p = parameters_[parameter];
  std::copy_n(memory.first, p.size, p.first.data());
  std::copy_n(memory.second, p.size, p.second.data());
  p.steps = memory.steps;
}

}  // namespace treelet
