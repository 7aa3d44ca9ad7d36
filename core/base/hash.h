// 64-bit hashing of bytes and the mixing of a hash with a seed. Stored models depend on these values: never change them.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace treelet {

// Finalizer of SplitMix64 (Steele, Lea & Flood 2014): every input bit affects every output bit.
inline uint64_t mix_bits(uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// Hash of a byte string: eight bytes at a time, little-endian, then the length.
inline uint64_t hash_bytes(std::string_view bytes, uint64_t seed = 0x9e3779b97f4a7c15ULL) {
  uint64_t h = seed;
  const char* p = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; left -= 8, p += 8) {
    uint64_t word = 0;
    for (int i = 0; i < 8; ++i) word |= uint64_t(uint8_t(p[i])) << (8 * i);
    h = mix_bits(h ^ word) + 0x9e3779b97f4a7c15ULL;
  }
  uint64_t tail = 0;
  for (size_t i = 0; i < left; ++i) tail |= uint64_t(uint8_t(p[i])) << (8 * i);
  return mix_bits(h ^ tail ^ (uint64_t(bytes.size()) << 56));
}

}  // namespace treelet
