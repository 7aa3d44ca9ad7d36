#include "network/weights.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace treelet {

namespace {

constexpr int64_t kMaxValues = int64_t(1) << 31;  // 8 GiB of floats: no network of ours comes near

int64_t count_values(const std::string& name, const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (int64_t size : shape) {
    if (size < 1 || size > kMaxValues || count > kMaxValues / size)
      throw Error(ErrorKind::package, "weights: " + name + ": shape " + describe_shape(shape) +
                                          ": expected sizes of at least 1 and 2^31 numbers at most");
    count *= size;
  }
  return count;
}

// IEEE 754 binary16 to binary32, exact for finite numbers. Without branches, so that compilers take several at once.
float widen_half(uint16_t half) {
  const uint32_t magnitude = half & 0x7FFFu;
  const float normal = std::bit_cast<float>((magnitude << 13) + (112u << 23));
  const float subnormal = float(int32_t(magnitude)) * 0x1p-24f;
  const uint32_t bits = std::bit_cast<uint32_t>(magnitude < 0x400u ? subnormal : normal);
  return std::bit_cast<float>(bits | uint32_t(half & 0x8000u) << 16);
}

template <class Stored>
Stored read_at(const char* from, size_t i) {
  Stored value;
  std::memcpy(&value, from + i * sizeof(Stored), sizeof(Stored));
  return value;
}

// Position of the first number that is infinite or none, or `count`; `exponent` masks the bits that are then all set.
template <class Stored>
size_t find_not_finite(const char* from, size_t count, Stored exponent) {
  Stored any = 0;
  for (size_t i = 0; i < count; ++i) any |= Stored((read_at<Stored>(from, i) & exponent) == exponent);
  if (!any) return count;
  size_t i = 0;
  while ((read_at<Stored>(from, i) & exponent) != exponent) ++i;
  return i;
}

void check_finite(const std::string& name, WeightType type, const char* from, size_t count) {
  const size_t at = type == WeightType::f32   ? find_not_finite<uint32_t>(from, count, 0x7F800000u)
                    : type == WeightType::f16 ? find_not_finite<uint16_t>(from, count, 0x7C00u)
                                              : count;
  if (at < count)
    throw Error(ErrorKind::package,
                "weights: " + name + ": value " + std::to_string(at) + " is not finite; the file is damaged");
}

}  // namespace

void widen(WeightType type, const char* from, size_t count, float* to) {
  if (type == WeightType::f32) {
    std::memcpy(to, from, 4 * count);
  } else if (type == WeightType::f16) {
    for (size_t i = 0; i < count; ++i) to[i] = widen_half(read_at<uint16_t>(from, i));
  } else {
    for (size_t i = 0; i < count; ++i) to[i] = float(int8_t(from[i]));
  }
}

std::string describe_shape(const std::vector<int64_t>& shape) {
  std::string out = "(";
  for (size_t i = 0; i < shape.size(); ++i) out += (i ? ", " : "") + std::to_string(shape[i]);
  return out + ")";
}

KeptBytes Weight::kept_bytes() const {
  if (owner) return {bytes, owner};
  const auto copy = std::make_shared<const std::string>(bytes);
  return {*copy, copy};
}

const float* Weights::widened(WeightType type, std::string_view bytes) const {
  const size_t count = bytes.size() / bytes_of(type);
  float* const values = static_cast<float*>(arena_.take(count * sizeof(float)));
  widen(type, bytes.data(), count, values);
  return values;
}

void Weights::add(const std::string& name, WeightType type, const std::vector<int64_t>& shape, std::string_view bytes,
                  std::shared_ptr<const void> owner) {
  const size_t count = size_t(count_values(name, shape)), expected = count * bytes_of(type);
  if (bytes.size() != expected)
    throw Error(ErrorKind::package, "weights: " + name + ": found " + std::to_string(bytes.size()) +
                                        " bytes, expected " + std::to_string(expected) + " for shape " +
                                        describe_shape(shape));
  check_finite(name, type, bytes.data(), count);
  const auto [entry, added] = weights_.emplace(name, Weight{type, shape, {}});
  if (!added) throw Error(ErrorKind::package, "weights: " + name + ": given twice");
  Weight& weight = entry->second;
  if (type != WeightType::i8) {
    weight.values = widened(type, bytes);
  } else if (owner) {
    weight.bytes = bytes;
    weight.owner = std::move(owner);
  } else {
    char* const copy = static_cast<char*>(arena_.take(bytes.size()));
    std::memcpy(copy, bytes.data(), bytes.size());
    weight.bytes = {copy, bytes.size()};
  }
}

void Weights::add_steps(const std::string& name, std::string_view bytes) {
  const auto entry = weights_.find(name);
  if (entry == weights_.end() || entry->second.type != WeightType::i8 || entry->second.shape.size() != 2 ||
      entry->second.steps)
    throw Error(ErrorKind::package, "weights: " + name + ".step: expected once, after a matrix of bytes");
  const size_t rows = size_t(entry->second.shape[0]);
  if (bytes.size() != 4 * rows)
    throw Error(ErrorKind::package, "weights: " + name + ".step: found " + std::to_string(bytes.size()) +
                                        " bytes, expected " + std::to_string(4 * rows));
  check_finite(name + ".step", WeightType::f32, bytes.data(), rows);
  entry->second.steps = widened(WeightType::f32, bytes);
  for (size_t row = 0; row < rows; ++row)
    if (!(std::abs(entry->second.steps[row]) < 1e30f))  // so that 127 of them are a number yet
      throw Error(ErrorKind::package, "weights: " + name + ".step: value " + std::to_string(row) + " is too large");
}

const float* Weights::widened(const Weight& weight) const {
  const float* const values = widened(WeightType::i8, weight.bytes);
  if (!weight.steps) return values;
  float* const stepped = const_cast<float*>(values);
  const size_t length = size_t(weight.shape[1]);
  for (size_t i = 0; i < weight.bytes.size(); ++i) stepped[i] *= weight.steps[i / length];
  return values;
}

void Weights::add_keys(const std::string& name, std::string_view bytes) {
  std::vector<uint64_t> keys(bytes.size() / 8);
  if (keys.size() * 8 != bytes.size())
    throw Error(ErrorKind::package, "weights: " + name + ": found " + std::to_string(bytes.size()) +
                                        " bytes, expected a multiple of 8");
  std::memcpy(keys.data(), bytes.data(), bytes.size());
  if (!keys_.emplace(name, std::move(keys)).second)
    throw Error(ErrorKind::package, "weights: " + name + ": given twice");
}

const std::vector<uint64_t>& Weights::keys(const std::string& name, size_t count) const {
  const auto entry = keys_.find(name);
  const size_t found = entry == keys_.end() ? 0 : entry->second.size();
  if (found != count)
    throw Error(ErrorKind::package, "weights: " + name + ": found " + std::to_string(found) + " keys, expected " +
                                        std::to_string(count));
  return entry->second;
}

const Weight& Weights::stored(const std::string& name, const std::vector<int64_t>& shape) const {
  const auto entry = weights_.find(name);
  if (entry == weights_.end())
    throw Error(ErrorKind::package, "weights: " + name + " is missing, expected shape " + describe_shape(shape));
  if (entry->second.shape != shape)
    throw Error(ErrorKind::package, "weights: " + name + ": found shape " + describe_shape(entry->second.shape) +
                                        ", expected " + describe_shape(shape));
  return entry->second;
}

Floats Weights::get(const std::string& name, const std::vector<int64_t>& shape) const {
  const Weight& weight = stored(name, shape);
  if (!weight.values) weight.values = widened(weight);
  return {weight.values, size_t(count_values(name, shape))};
}

}  // namespace treelet
