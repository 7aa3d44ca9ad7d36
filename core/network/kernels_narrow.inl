// Numbers of 8 and 16 bits: rounding to them, reading them, multiplying them; comes inside kernels.inl, in its vector types and
// its namespace. Intrinsics (inlined always, so that no copy of them is kept) stand where compilers narrow lane by lane.

#ifdef KERNEL_VNNI
constexpr bool kFastBytes = true;
#else
constexpr bool kFastBytes = false;
#endif

typedef uint8_t ByteLanes __attribute__((vector_size(KERNEL_LANES)));
typedef int16_t ShortLanes __attribute__((vector_size(KERNEL_LANES * 2)));

// The low 8 or 16 bits of every lane.
inline ByteLanes low_bytes(I v) {
#if KERNEL_LANES == 16
  return (ByteLanes)_mm512_cvtepi32_epi8((__m512i)v);
#else
  return __builtin_convertvector(v, ByteLanes);
#endif
}

inline ShortLanes low_shorts(I v) {
#if KERNEL_LANES == 16
  return (ShortLanes)_mm512_cvtepi32_epi16((__m512i)v);
#else
  return __builtin_convertvector(v, ShortLanes);
#endif
}

inline V load_shorts(const int16_t* p) {
  ShortLanes shorts;
  __builtin_memcpy(&shorts, p, sizeof shorts);
#if KERNEL_LANES == 16
  return (V)_mm512_cvtepi32_ps(_mm512_cvtepi16_epi32((__m256i)shorts));
#else
  return __builtin_convertvector(__builtin_convertvector(shorts, I), V);
#endif
}

// x in whole numbers, from −128 to 127, as bytes from 0 to 255: adding 1.5 · 2²³ + 128 leaves them in the low bits.
inline void store_bytes(uint8_t* to, V x) {
  const ByteLanes bytes = low_bytes((I)(x + splat(12583040.0f)));
  __builtin_memcpy(to, &bytes, sizeof bytes);
}

// Adds the products of four bytes (0 to 255) with four bytes of weights a lane (−128 to 127).
inline __attribute__((always_inline)) I add_products(I sum, uint32_t x, const int8_t* w) {
#ifdef KERNEL_VNNI
  return (I)_mm512_dpbusd_epi32((__m512i)sum, _mm512_set1_epi32(int(x)), _mm512_loadu_si512(w));
#else
  for (int lane = 0; lane < kLanes; ++lane)
    for (int byte = 0; byte < 4; ++byte) sum[lane] += int((x >> (8 * byte)) & 255u) * int(w[lane * 4 + byte]);
  return sum;
#endif
}

// Of a row's numbers, as their bits: magnitudes compare as their bits do, NaN above all.
struct LargestMagnitude {
  I lanes = I{};
  uint32_t rest = 0;

  inline void look(V x) {
    const I magnitude = (I)x & 0x7FFFFFFF;
    lanes = magnitude > lanes ? magnitude : lanes;
  }
  inline void look_one(float x) {
    uint32_t magnitude;
    __builtin_memcpy(&magnitude, &x, 4);
    magnitude &= 0x7FFFFFFFu;
    rest = magnitude > rest ? magnitude : rest;
  }
  inline float value() const {
    const uint32_t lane = uint32_t(largest_lane(lanes)), top = lane > rest ? lane : rest;
    float most;
    __builtin_memcpy(&most, &top, 4);
    return most;
  }
};

float to_shorts(const float* values, int n, int16_t* out) {
  LargestMagnitude largest;
  for (int i = 0; i < n; i += kLanes) largest.look(load(values + i));
  const float most = largest.value(), steps = most > 0.0f ? 32767.0f / most : 0.0f;
  for (int i = 0; i < n; i += kLanes) {
    const ShortLanes shorts = low_shorts((I)(load(values + i) * splat(steps) + splat(12582912.0f)));
    __builtin_memcpy(out + i, &shorts, sizeof shorts);
  }
  return most * (1.0f / 32767.0f) + (most - most);
}
