#include "network/weights.h"

#include <bit>
#include <cmath>
#include <cstring>

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

// IEEE 754 binary16 to binary32, exact.
float widen(uint16_t half) {
  const uint32_t sign = uint32_t(half & 0x8000) << 16;
  const uint32_t exponent = (half >> 10) & 0x1F;
  const uint32_t fraction = half & 0x3FF;
  if (exponent == 0) {
    const float value = float(fraction) * 0x1p-24f;
    return sign ? -value : value;
  }
  const uint32_t widened = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | (widened << 23) | (fraction << 13));
}

}  // namespace

std::string describe_shape(const std::vector<int64_t>& shape) {
  std::string out = "(";
  for (size_t i = 0; i < shape.size(); ++i) out += (i ? ", " : "") + std::to_string(shape[i]);
  return out + ")";
}

void Weights::add(const std::string& name, WeightType type, const std::vector<int64_t>& shape, std::string_view bytes) {
  const size_t count = size_t(count_values(name, shape));
  const size_t width = type == WeightType::f32 ? 4 : type == WeightType::f16 ? 2 : 1;
  if (bytes.size() != count * width)
    throw Error(ErrorKind::package, "weights: " + name + ": found " + std::to_string(bytes.size()) + " bytes, expected " +
                                        std::to_string(count * width) + " for shape " + describe_shape(shape));
  Weight weight{shape, std::vector<float>(count)};
  for (size_t i = 0; i < count; ++i) {
    if (type == WeightType::f32) {
      std::memcpy(&weight.values[i], bytes.data() + 4 * i, 4);
    } else if (type == WeightType::i8) {
      weight.values[i] = float(int8_t(bytes[i]));
    } else {
      uint16_t half;
      std::memcpy(&half, bytes.data() + 2 * i, 2);
      weight.values[i] = widen(half);
    }
    if (!std::isfinite(weight.values[i]))
      throw Error(ErrorKind::package,
                  "weights: " + name + ": value " + std::to_string(i) + " is not finite; the file is damaged");
  }
  if (!weights_.emplace(name, std::move(weight)).second)
    throw Error(ErrorKind::package, "weights: " + name + ": given twice");
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

const std::vector<float>& Weights::get(const std::string& name, const std::vector<int64_t>& shape) const {
  const auto entry = weights_.find(name);
  if (entry == weights_.end())
    throw Error(ErrorKind::package, "weights: " + name + " is missing, expected shape " + describe_shape(shape));
  if (entry->second.shape != shape)
    throw Error(ErrorKind::package, "weights: " + name + ": found shape " + describe_shape(entry->second.shape) +
                                        ", expected " + describe_shape(shape));
  return entry->second.values;
}

}  // namespace treelet
