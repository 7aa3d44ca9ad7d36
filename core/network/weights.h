// Named parameters: what a package's weights file holds, checked when added.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace treelet {

enum class WeightType { f32, f16, i8 };

constexpr size_t bytes_of(WeightType type) { return type == WeightType::f32 ? 4 : type == WeightType::f16 ? 2 : 1; }

// `count` numbers of a type (little-endian, at any address) as floats; exact.
void widen(WeightType type, const char* from, size_t count, float* to);

// 32-bit floats in memory that belongs to somebody else.
class Floats {
 public:
  Floats(const float* data, size_t size) : data_(data), size_(size) {}
  operator std::vector<float>() const { return {begin(), end()}; }

  const float* data() const { return data_; }
  size_t size() const { return size_; }
  const float& operator[](size_t i) const { return data_[i]; }
  const float* begin() const { return data_; }
  const float* end() const { return data_ + size_; }

 private:
  const float* data_;
  size_t size_;
};

// Bytes that live as long as any copy of this: in memory of their own, or in a file's that the owner maps.
struct KeptBytes {
  std::string_view bytes;
  std::shared_ptr<const void> owner;
};

struct Weight {
  WeightType type;
  std::vector<int64_t> shape;
  std::string_view bytes;                // as they were added, of bytes alone: row-major
  std::shared_ptr<const void> owner{};    // of those bytes, if they were not copied
  const float* steps = nullptr;           // of bytes that have them: what one is worth in each row
  mutable const float* values = nullptr;  // of bytes: once somebody asks for them

  // The bytes for as long as anybody wants them: a copy, unless they have an owner.
  KeptBytes kept_bytes() const;
};

class Weights {
 public:
  // Copies `bytes` (little-endian), unless they are WeightType::i8 and an `owner` keeps them: then nothing touches them yet.
  // Throws Error(package) when the name is taken, the size is not that of the shape, or a value is not finite.
  void add(const std::string& name, WeightType type, const std::vector<int64_t>& shape, std::string_view bytes,
           std::shared_ptr<const void> owner = nullptr);
  // What the bytes of a matrix added before are worth: 32-bit floats, one a row. Throws Error(package) as add does.
  void add_steps(const std::string& name, std::string_view bytes);
  // Valid as long as the weights are; not for two threads at once. Throws Error(package) when absent or of another shape.
  Floats get(const std::string& name, const std::vector<int64_t>& shape) const;
  // The same; WeightType::i8 as bytes that need no widening.
  const Weight& stored(const std::string& name, const std::vector<int64_t>& shape) const;
  // 64-bit keys of a table's rows, little-endian.
  void add_keys(const std::string& name, std::string_view bytes);
  const std::vector<uint64_t>& keys(const std::string& name, size_t count) const;
  const std::map<std::string, Weight>& all() const { return weights_; }

 private:
  const float* widened(WeightType type, std::string_view bytes) const;
  const float* widened(const Weight& weight) const;  // of bytes

  mutable Arena arena_;  // of all numbers: a pipeline keeps forms of its own, and these go
  std::map<std::string, Weight> weights_;
  std::map<std::string, std::vector<uint64_t>> keys_;
};

// "(96, 288)"
std::string describe_shape(const std::vector<int64_t>& shape);

}  // namespace treelet
