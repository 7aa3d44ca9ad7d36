// Rows of one hash table of an encoder: in floats, or in the bytes in which they are stored with a step a row.
#pragma once

#include <string>
#include <vector>

#include "features/word_features.h"
#include "network/aligned.h"
#include "network/kernels.h"
#include "network/weights.h"

namespace treelet {

class HashTable {
 public:
  // Four rows in floats, while they are summed up.
  struct Scratch {
    alignas(64) float rows[kFeatureHashes * kMaxWidth];
  };

  // From the weight `name` (rows, width). Throws Error(package) when it is missing or of another shape.
  HashTable(const Weights& weights, const std::string& name, int rows, int width);

  // out (width, padded with zeros to whole vectors) = the sum of four rows: the same numbers either way it is kept.
  void sum_of_four(const FeatureTables::Rows& rows, Scratch& scratch, float* out) const;

 private:
  int width_;
  size_t padded_;
  AlignedFloats floats_;      // (rows, padded), if it is not kept in bytes
  KeptBytes bytes_;           // (rows, width), if it is
  std::vector<float> steps_;  // (rows): what a byte is worth
};

}  // namespace treelet
