// Named parameters: what a package's weights file holds, checked when added, 32-bit floats when asked for.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace treelet {

enum class WeightType { f32, f16, i8 };

constexpr size_t bytes_of(WeightType type) { return type == WeightType::f32 ? 4 : type == WeightType::f16 ? 2 : 1; }

// `count` numbers of a type (little-endian, at any address) as floats; exact.
void widen(WeightType type, const char* from, size_t count, float* to);

struct Weight {
  WeightType type;
  std::vector<int64_t> shape;
  std::string_view bytes;             // row-major, little-endian
  std::shared_ptr<const void> owner;  // keeps `bytes` alive
  mutable std::vector<float> values;  // empty until somebody asks for them
};

class Weights {
 public:
  // Copies `bytes` (little-endian), or, given an owner that keeps them alive and unchanged, uses them where they are.
  // Throws Error(package) when the name is taken, the size is not that of the shape, or a value is not finite.
  void add(const std::string& name, WeightType type, const std::vector<int64_t>& shape, std::string_view bytes,
           std::shared_ptr<const void> owner = nullptr);
  // Widened at the first call, so not for two threads at once. Throws Error(package) when absent or of another shape.
  const std::vector<float>& get(const std::string& name, const std::vector<int64_t>& shape) const;
  // The same as it is stored.
  const Weight& stored(const std::string& name, const std::vector<int64_t>& shape) const;
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
