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

struct Bytes {
  using Matrix = PackedBytesView;

  template <int R>
  class Tile {
   public:
    Tile(const RowsView& in, size_t first, size_t n_rows)
        : stride_(size_t(in.segments * in.segment_length + 63) / 64 * 64) {
      float steps[R];
      for (int r = 0; r < R; ++r) {
        const float most = largest_of(in, in.data + row_number(first, r, n_rows) * in.row_stride);
        steps[r] = most > 0.0f ? 127.0f / most : 0.0f;
        scale_[r] = most * (1.0f / 127.0f) + (most - most);
      }
      for (int r = 0; r < R; ++r)
        to_bytes(in, in.data + row_number(first, r, n_rows) * in.row_stride, steps[r], bytes_ + size_t(r) * stride_);
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
      const uint8_t* bytes = bytes_;
      for (int k = 0; k < fours; ++k, w += G * kLanes * 4) {
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) {
          uint32_t x;
          __builtin_memcpy(&x, bytes + size_t(r) * stride_ + 4 * k, 4);
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

    // Of the first row.
    const uint8_t* bytes() const { return bytes_; }
    float step() const { return scale_[0]; }

   private:
    static float largest_of(const RowsView& in, const float* row) {
      LargestMagnitude largest;
      const int whole = in.segment_length / kLanes * kLanes;
      for (int s = 0; s < in.segments; ++s) {
        const float* x = row + size_t(s) * in.segment_stride;
        for (int k = 0; k < whole; k += kLanes) largest.look(load(x + k));
        for (int k = whole; k < in.segment_length; ++k) largest.look_one(x[k]);
      }
      return largest.value();
    }

    // A row in bytes, 128 for zero.
    static void to_bytes(const RowsView& in, const float* row, float steps, uint8_t* bytes) {
      const int whole = in.segment_length / kLanes * kLanes;
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
    }

    size_t stride_;
    alignas(64) uint8_t bytes_[R * kMostByteInputs];
    float scale_[R];
  };
};
