// What the walks knew of the words and entities of a document, as matrices for Python.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "pipeline/pipeline.h"

using EvidenceMatrix = nanobind::ndarray<nanobind::numpy, double, nanobind::ndim<2>, nanobind::c_contig>;

inline EvidenceMatrix evidence_matrix(const std::vector<double>& values, size_t columns) {
  double* copy = new double[values.size() + 1];
  const nanobind::capsule owner(copy, [](void* data) noexcept { delete[] static_cast<double*>(data); });
  std::copy(values.begin(), values.end(), copy);
  return EvidenceMatrix(copy, {values.size() / columns, columns}, owner);
}

// Heads: side, arc, weakest, label, log_distance of every word; entities: first, last, all, log_length of each one found.
inline std::pair<EvidenceMatrix, EvidenceMatrix> evidence_matrices(const treelet::Evidence& evidence) {
  std::vector<double> heads, entities;
  for (const auto& e : evidence.heads)
    for (float value : {float(e.side), e.arc, e.weakest, e.label, e.log_distance}) heads.push_back(double(value));
  for (const auto& e : evidence.entities)
    for (double value : {double(e.first), double(e.last), double(e.evidence.all), double(e.evidence.log_length)})
      entities.push_back(value);
  return {evidence_matrix(heads, 5), evidence_matrix(entities, 4)};
}
