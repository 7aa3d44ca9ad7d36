// The body of every kernels_<set>.cpp, written in vector types that GCC and Clang turn into the set's instructions.
// Comes after: KERNEL_LANES (floats in a vector), KERNEL_TILE (accumulators that fit the registers), KERNEL_NAME, and
// KERNEL_VNNI where the set multiplies bytes.

namespace treelet {
namespace {

constexpr int kLanes = KERNEL_LANES;
typedef float V __attribute__((vector_size(KERNEL_LANES * 4)));
typedef int I __attribute__((vector_size(KERNEL_LANES * 4)));
typedef float Unaligned __attribute__((vector_size(KERNEL_LANES * 4), aligned(4), may_alias));

inline V load(const float* p) { return *reinterpret_cast<const Unaligned*>(p); }
inline void store(float* p, V v) { *reinterpret_cast<Unaligned*>(p) = v; }
inline V largest(V a, V b) { return a > b ? a : b; }
inline V splat(float x) { return x - V{}; }
inline I load_ints(const int32_t* p) {
  typedef int UnalignedInts __attribute__((vector_size(KERNEL_LANES * 4), aligned(4), may_alias));
  return *reinterpret_cast<const UnalignedInts*>(p);
}

// Fixed order, so that a row's sum is the same wherever the row stands.
inline float sum_lanes(V v) {
  float lanes[KERNEL_LANES];
  store(lanes, v);
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  return lanes[0];
}

// Rows of a tile for panels of `group` vectors.
constexpr int tile_rows(int group) {
  const int rows = KERNEL_TILE / group;
  return rows > 8 ? 8 : rows < 1 ? 1 : rows;
}

inline size_t row_number(size_t first, int r, size_t n_rows) {
  return first + size_t(r) < n_rows ? first + size_t(r) : n_rows - 1;
}

#include "network/kernels_product.inl"

template <class Product, int G>
void affine_tiles(const typename Product::Matrix& m, const RowsView& in, size_t n_rows, float* out, size_t out_stride) {
  constexpr int R = tile_rows(G);
  for (size_t first = 0; first < n_rows; first += R) {
    const typename Product::template Tile<R> rows(in, first, n_rows);
    const int n = n_rows - first < size_t(R) ? int(n_rows - first) : R;
    for (int panel = 0; panel < m.panels; ++panel) {
      V acc[R][G];
      rows.multiply(m, panel, acc);
      const int column = panel * G * kLanes;
      const int columns = m.outputs - column < G * kLanes ? m.outputs - column : G * kLanes;
      if (n == R && columns == G * kLanes) {
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
          for (int g = 0; g < G; ++g)
            store(out + (first + size_t(r)) * out_stride + column + g * kLanes, acc[r][g]);
        continue;
      }
      float tile[R][G * KERNEL_LANES];
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
        for (int g = 0; g < G; ++g) store(tile[r] + g * kLanes, acc[r][g]);
      for (int r = 0; r < n; ++r)
        for (int c = 0; c < columns; ++c) out[(first + size_t(r)) * out_stride + size_t(column + c)] = tile[r][c];
    }
  }
}

template <class Product>
void affine_of(const typename Product::Matrix& m, const RowsView& in, size_t n_rows, float* out, size_t out_stride) {
  switch (m.group) {
    case 1: return affine_tiles<Product, 1>(m, in, n_rows, out, out_stride);
    case 2: return affine_tiles<Product, 2>(m, in, n_rows, out, out_stride);
    default: return affine_tiles<Product, 3>(m, in, n_rows, out, out_stride);
  }
}

// row (padded): in place, LayerNorm with epsilon 1e-5; then + residual into out.
inline void normalize(const NormView& norm, const float* row, const float* residual, float* out) {
  V sum = V{};
  for (int i = 0; i < norm.padded; i += kLanes) sum += load(row + i);
  const V mean = splat(sum_lanes(sum) / float(norm.units));
  V square = V{};
  for (int i = 0; i < norm.padded; i += kLanes) {
    const V d = (load(row + i) - mean) * load(norm.mask + i);
    square += d * d;
  }
  const V scale = splat(1.0f / __builtin_sqrtf(sum_lanes(square) / float(norm.units) + 1e-5f));
  for (int i = 0; i < norm.padded; i += kLanes) {
    V value = (load(row + i) - mean) * scale * load(norm.gain + i) + load(norm.shift + i);
    if (residual) value += load(residual + i);
    store(out + i, value);
  }
}

template <class Product, int P>
void maxout_tiles(const typename Product::Matrix& m, const NormView& norm, const RowsView& in, size_t n_rows,
                  const float* residual, float* out, size_t stride) {
  constexpr int R = tile_rows(P);
  alignas(64) float tops[R * kMaxWidth];
  for (size_t first = 0; first < n_rows; first += R) {
    const typename Product::template Tile<R> rows(in, first, n_rows);
    for (int panel = 0; panel < m.panels; ++panel) {
      V acc[R][P];
      rows.multiply(m, panel, acc);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        V top = acc[r][0];
#pragma GCC unroll 16
        for (int p = 1; p < P; ++p) top = largest(top, acc[r][p]);
        store(tops + r * norm.padded + panel * kLanes, top);
      }
    }
    for (int r = 0; r < R && first + size_t(r) < n_rows; ++r) {
      const size_t at = (first + size_t(r)) * stride;
      normalize(norm, tops + r * norm.padded, residual ? residual + at : nullptr, out + at);
    }
  }
}

template <class Product>
void maxout_norm_of(const typename Product::Matrix& m, const NormView& norm, const RowsView& in, size_t n_rows,
                    const float* residual, float* out, size_t stride) {
  switch (m.group) {
    case 1: return maxout_tiles<Product, 1>(m, norm, in, n_rows, residual, out, stride);
    case 2: return maxout_tiles<Product, 2>(m, norm, in, n_rows, residual, out, stride);
    case 3: return maxout_tiles<Product, 3>(m, norm, in, n_rows, residual, out, stride);
    case 4: return maxout_tiles<Product, 4>(m, norm, in, n_rows, residual, out, stride);
    case 5: return maxout_tiles<Product, 5>(m, norm, in, n_rows, residual, out, stride);
    case 6: return maxout_tiles<Product, 6>(m, norm, in, n_rows, residual, out, stride);
    case 7: return maxout_tiles<Product, 7>(m, norm, in, n_rows, residual, out, stride);
    default: return maxout_tiles<Product, 8>(m, norm, in, n_rows, residual, out, stride);
  }
}

inline V load_shorts(const int16_t* p) {
  typedef int16_t S __attribute__((vector_size(KERNEL_LANES * 2)));
  S shorts;
  __builtin_memcpy(&shorts, p, sizeof shorts);
  return __builtin_convertvector(shorts, V);
}

void maxout_norm_of_sum(const NormView& norm, int pieces, const float* bias, const ShortRow* parts, int n_parts,
                        const float* residual, float* out) {
  for (int i = 0; i < norm.padded; i += kLanes) {
    V top = V{};
    for (int p = 0; p < pieces; ++p) {
      const int at = p * norm.padded + i;
      V sum = load(bias + at);
      for (int part = 0; part < n_parts; ++part) sum += load_shorts(parts[part].values + at) * splat(parts[part].step);
      top = p == 0 ? sum : largest(top, sum);
    }
    store(out + i, top);
  }
  normalize(norm, out, residual, out);
}

void sum_of_four(const float* table, const uint32_t* rows, int length, float* out) {
  const float* a = table + size_t(rows[0]) * size_t(length);
  const float* b = table + size_t(rows[1]) * size_t(length);
  const float* c = table + size_t(rows[2]) * size_t(length);
  const float* d = table + size_t(rows[3]) * size_t(length);
  for (int i = 0; i < length; i += kLanes)
    store(out + i, ((load(a + i) + load(b + i)) + load(c + i)) + load(d + i));
}

#include "network/kernels_exp.inl"
#include "network/kernels_state.inl"

const Kernels kTable = {KERNEL_NAME, kLanes, kFastBytes, affine_of<Floats>, maxout_norm_of<Floats>, affine_of<Bytes>, maxout_norm_of<Bytes>,
                        maxout_norm_of_sum, to_shorts, sum_of_four, argmax, sum_exp, scan, choose, score};

}  // namespace
}  // namespace treelet
