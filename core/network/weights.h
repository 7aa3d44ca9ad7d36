// Named parameters as 32-bit floats: what a package's weights file holds, checked when added.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace treelet {

enum class WeightType { f32, f16, i8 };

struct Weight {
  std::vector<int64_t> shape;
  std::vector<float> values;  // row-major
};

class Weights {
 public:
  // Copies `bytes` (little-endian). Throws Error(package) when the name is taken, the size is not that of the shape, or a
  // value is not finite.
  void add(const std::string& name, WeightType type, const std::vector<int64_t>& shape, std::string_view bytes);
  // Throws Error(package) when absent or of another shape.
  const std::vector<float>& get(const std::string& name, const std::vector<int64_t>& shape) const;
  // 64-bit keys of a table's rows, little-endian.
  void add_keys(const std::string& name, std::string_view bytes);
  const std::vector<uint64_t>& keys(const std::string& name, size_t count) const;
  const std::map<std::string, Weight>& all() const { return weights_; }

 private:
  std::map<std::string, Weight> weights_;
  std::map<std::string, std::vector<uint64_t>> keys_;
};

// "(96, 288)"
std::string describe_shape(const std::vector<int64_t>& shape);

}  // namespace treelet
