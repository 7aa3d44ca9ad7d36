// Products of a tile of rows with a panel of weights, in floats and in bytes; comes inside kernels.inl, in its vector types and
// its namespace. A row missing from the last tile is stood in for by the last row.

struct Floats {
  using Matrix = PackedView;

  template <int R>
  class Tile {
   public:
    Tile(const RowsView& in, size_t first, size_t n_rows) : in_(in) {
      for (int r = 0; r < R; ++r) rows_[r] = in.data + row_number(first, r, n_rows) * in.row_stride;
    }

    // acc starts at the bias and takes the inputs in order.
    template <int G>
    inline __attribute__((always_inline)) void multiply(const Matrix& m, int panel, V (&acc)[R][G]) const {
      const float* __restrict w = m.weights + size_t(panel) * size_t(m.inputs) * G * kLanes;
      const float* bias = m.bias + panel * G * kLanes;
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
        for (int g = 0; g < G; ++g) acc[r][g] = load(bias + g * kLanes);
      for (int s = 0; s < in_.segments; ++s) {
        const float* row[R];
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) row[r] = rows_[r] + size_t(s) * in_.segment_stride;
        for (int k = 0; k < in_.segment_length; ++k) {
          V b[G];
#pragma GCC unroll 16
          for (int g = 0; g < G; ++g) b[g] = load(w + g * kLanes);
          w += G * kLanes;
#pragma GCC unroll 16
          for (int r = 0; r < R; ++r) {
            const V x = splat(row[r][k]);
#pragma GCC unroll 16
            for (int g = 0; g < G; ++g) acc[r][g] += x * b[g];
          }
        }
      }
    }

   private:
    const RowsView& in_;
    const float* rows_[R];
  };
};

#ifdef KERNEL_VNNI
constexpr bool kFastBytes = true;
#else
constexpr bool kFastBytes = false;
#endif

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
    uint32_t top = rest;
    for (int lane = 0; lane < kLanes; ++lane) top = uint32_t(lanes[lane]) > top ? uint32_t(lanes[lane]) : top;
    float most;
    __builtin_memcpy(&most, &top, 4);
    return most;
  }
};

float to_shorts(const float* values, int n, int16_t* out) {
  typedef int16_t S __attribute__((vector_size(KERNEL_LANES * 2)));
  LargestMagnitude largest;
  for (int i = 0; i < n; i += kLanes) largest.look(load(values + i));
  const float most = largest.value(), steps = most > 0.0f ? 32767.0f / most : 0.0f;
  for (int i = 0; i < n; i += kLanes) {
    // Adding 1.5 · 2²³ leaves whole numbers in the low bits.
    const S shorts = __builtin_convertvector((I)(load(values + i) * splat(steps) + splat(12582912.0f)), S);
    __builtin_memcpy(out + i, &shorts, sizeof shorts);
  }
  return most * (1.0f / 32767.0f) + (most - most);
}

// x in whole numbers, from −128 to 127, as bytes from 0 to 255: adding 1.5 · 2²³ + 128 leaves them in the low bits.
inline void store_bytes(uint8_t* to, V x) {
  typedef uint8_t B __attribute__((vector_size(KERNEL_LANES)));
  const B bytes = __builtin_convertvector((I)(x + splat(12583040.0f)), B);
  __builtin_memcpy(to, &bytes, sizeof bytes);
}

// Adds the products of four bytes (0 to 255) with four bytes of weights a lane (−128 to 127).
inline __attribute__((always_inline)) I add_products(I sum, uint32_t x, const int8_t* w) {
#ifdef KERNEL_VNNI
  typedef int Wide __attribute__((vector_size(64), may_alias));
  return (I)__builtin_ia32_vpdpbusd_v16si((Wide)sum, (Wide)(I{} + int(x)), *reinterpret_cast<const Wide*>(w));
#else
  for (int lane = 0; lane < kLanes; ++lane)
    for (int byte = 0; byte < 4; ++byte) sum[lane] += int((x >> (8 * byte)) & 255u) * int(w[lane * 4 + byte]);
  return sum;
#endif
}

struct Bytes {
  using Matrix = PackedBytesView;

  template <int R>
  class Tile {
   public:
    Tile(const RowsView& in, size_t first, size_t n_rows) {
      for (int r = 0; r < R; ++r)
        scale_[r] = to_bytes(in, in.data + row_number(first, r, n_rows) * in.row_stride, bytes_[r]);
    }

    template <int G>
    inline __attribute__((always_inline)) void multiply(const Matrix& m, int panel, V (&acc)[R][G]) const {
      const int fours = (m.inputs + 3) / 4, column = panel * G * kLanes;
      const int8_t* __restrict w = m.weights + size_t(panel) * size_t(fours) * G * kLanes * 4;
      I sums[R][G];
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
        for (int g = 0; g < G; ++g) sums[r][g] = load_ints(m.offset + column + g * kLanes);
      for (int k = 0; k < fours; ++k, w += G * kLanes * 4) {
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) {
          uint32_t x;
          __builtin_memcpy(&x, bytes_[r] + 4 * k, 4);
#pragma GCC unroll 16
          for (int g = 0; g < G; ++g) sums[r][g] = add_products(sums[r][g], x, w + g * kLanes * 4);
        }
      }
#pragma GCC unroll 16
      for (int g = 0; g < G; ++g) {
        const V scale = load(m.scale + column + g * kLanes), bias = load(m.bias + column + g * kLanes);
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r)
          acc[r][g] = __builtin_convertvector(sums[r][g], V) * (scale * splat(scale_[r])) + bias;
      }
    }

   private:
    // Rounds a row to bytes, 128 for zero; what one step of them is worth. A row with NaN or infinity is worth NaN.
    static float to_bytes(const RowsView& in, const float* row, uint8_t* bytes) {
      LargestMagnitude largest;
      const int whole = in.segment_length / kLanes * kLanes;
      for (int s = 0; s < in.segments; ++s) {
        const float* x = row + size_t(s) * in.segment_stride;
        for (int k = 0; k < whole; k += kLanes) largest.look(load(x + k));
        for (int k = whole; k < in.segment_length; ++k) largest.look_one(x[k]);
      }
      const float most = largest.value();
      const float steps = most > 0.0f ? 127.0f / most : 0.0f;
      int at = 0;
      for (int s = 0; s < in.segments; ++s) {
        const float* x = row + size_t(s) * in.segment_stride;
        for (int k = 0; k < whole; k += kLanes, at += kLanes) store_bytes(bytes + at, load(x + k) * splat(steps));
        for (int k = whole; k < in.segment_length; ++k) {
          uint8_t lanes[KERNEL_LANES];
          store_bytes(lanes, splat(x[k] * steps));
          bytes[at++] = lanes[0];
        }
      }
      while (at % 4) bytes[at++] = 128;
      return most * (1.0f / 127.0f) + (most - most);
    }

    alignas(64) uint8_t bytes_[R][kMostByteInputs];
    float scale_[R];
  };
};
