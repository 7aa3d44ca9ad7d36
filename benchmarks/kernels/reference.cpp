#include "reference.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace reference {

namespace {

constexpr int kChains = 24, kGroup = 3;

template <int L>
struct Vector {
  typedef float V __attribute__((vector_size(L * 4)));
};

template <class T>
void keep(const T& value) {
  asm volatile("" : : "m"(value) : "memory");
}

template <int L>
void chains(size_t steps) {
  using V = typename Vector<L>::V;
  float factor = 0.999f, term = 0.001f;
  asm volatile("" : "+m"(factor), "+m"(term));
  const V a = factor - V{}, b = term - V{};
  V sums[kChains]{};
  for (size_t i = 0; i < steps; ++i) {
#pragma GCC unroll 32
    for (int c = 0; c < kChains; ++c) sums[c] = sums[c] * a + b;
  }
  keep(sums);
}

// Rows of `R` by panels of kGroup vectors.
template <int L, int R>
void product(const float* rows, const float* weights, float* out, int inputs, int panels, size_t n) {
  using V = typename Vector<L>::V;
  const size_t wide = size_t(panels) * kGroup * L;
  for (size_t first = 0; first + R <= n; first += R) {
    for (int panel = 0; panel < panels; ++panel) {
      const float* w = weights + size_t(panel) * size_t(inputs) * kGroup * L;
      const float* a = rows + first * size_t(inputs);
      V sums[R][kGroup]{};
      for (int k = 0; k < inputs; ++k, w += kGroup * L) {
        V b[kGroup];
#pragma GCC unroll 8
        for (int g = 0; g < kGroup; ++g) b[g] = *reinterpret_cast<const V*>(w + g * L);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
          const V x = a[size_t(r) * size_t(inputs) + size_t(k)] - V{};
#pragma GCC unroll 8
          for (int g = 0; g < kGroup; ++g) sums[r][g] += x * b[g];
        }
      }
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
        for (int g = 0; g < kGroup; ++g)
          *reinterpret_cast<V*>(out + (first + size_t(r)) * wide + size_t(panel * kGroup + g) * L) = sums[r][g];
    }
  }
}

size_t whole_tiles(size_t n) { return (n + 7) / 8 * 8; }

int panels_of(int outputs, int lanes) { return (outputs + kGroup * lanes - 1) / (kGroup * lanes); }

void fill(treelet::AlignedFloats& values, size_t size) {
  values.resize(size);
  for (size_t i = 0; i < size; ++i) values[i] = float(i % 17) * 0.01f;
}

#if defined(__AVX512VNNI__)
void int8_tiles(const int8_t* rows, const int8_t* weights, int32_t* out, int inputs, int panels, size_t n) {
  constexpr int R = 8;
  const size_t wide = size_t(panels) * kGroup * 16;
  for (size_t first = 0; first + R <= n; first += R) {
    for (int panel = 0; panel < panels; ++panel) {
      const int8_t* w = weights + size_t(panel) * size_t(inputs) * kGroup * 16;
      const int8_t* a = rows + first * size_t(inputs);
      __m512i sums[R][kGroup];
      for (auto& row : sums)
        for (__m512i& sum : row) sum = _mm512_setzero_si512();
      for (int k = 0; k < inputs; k += 4, w += kGroup * 64) {
        __m512i b[kGroup];
#pragma GCC unroll 8
        for (int g = 0; g < kGroup; ++g) b[g] = _mm512_load_si512(w + g * 64);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
          int32_t four;
          __builtin_memcpy(&four, a + size_t(r) * size_t(inputs) + size_t(k), 4);
          const __m512i x = _mm512_set1_epi32(four);
#pragma GCC unroll 8
          for (int g = 0; g < kGroup; ++g) sums[r][g] = _mm512_dpbusd_epi32(sums[r][g], x, b[g]);
        }
      }
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
        for (int g = 0; g < kGroup; ++g)
          _mm512_store_si512(out + (first + size_t(r)) * wide + size_t(panel * kGroup + g) * 16, sums[r][g]);
    }
  }
}

void vnni_chains(size_t steps) {
  __m512i a = _mm512_set1_epi32(0x01020304), b = _mm512_set1_epi32(0x01010101);
  asm volatile("" : "+v"(a), "+v"(b));
  __m512i sums[kChains];
  for (__m512i& sum : sums) sum = _mm512_setzero_si512();
  for (size_t i = 0; i < steps; ++i) {
#pragma GCC unroll 32
    for (int c = 0; c < kChains; ++c) sums[c] = _mm512_dpbusd_epi32(sums[c], a, b);
  }
  keep(sums);
}
#endif

#if defined(__AVX2__)
void avx2_chains(size_t steps) {
  constexpr int kFew = 8;  // three instructions each: sixteen registers hold no more
  __m256i a = _mm256_set1_epi32(0x01020304), b = _mm256_set1_epi32(0x01010101);
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sums[kFew];
  for (__m256i& sum : sums) sum = _mm256_setzero_si256();
  for (size_t i = 0; i < steps; ++i) {
#pragma GCC unroll 8
    for (int c = 0; c < kFew; ++c) {
      asm volatile("" : "+x"(a));  // or one product would serve all
      sums[c] = _mm256_add_epi32(sums[c], _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), ones));
    }
  }
  keep(sums);
}
#endif

}  // namespace

void fma_chains(int lanes, size_t steps) {
  if (lanes == 16) return chains<16>(steps);
  if (lanes == 8) return chains<8>(steps);
  chains<4>(steps);
}

double fma_operations(int lanes, size_t steps) { return 2.0 * lanes * kChains * double(steps); }

bool has_int8(int lanes) {
#if defined(__AVX2__)
  return lanes >= 8;
#else
  return lanes < 0;
#endif
}

bool PlainInt8Product::runs(int lanes) {
#if defined(__AVX512VNNI__)
  return lanes == 16;
#else
  return lanes < 0;
#endif
}

void int8_chains([[maybe_unused]] int lanes, [[maybe_unused]] size_t steps) {
#if defined(__AVX512VNNI__)
  if (lanes == 16) return vnni_chains(steps);
#endif
#if defined(__AVX2__)
  avx2_chains(steps);
#endif
}

double int8_operations(int lanes, size_t steps) {
  return PlainInt8Product::runs(lanes) ? 128.0 * kChains * double(steps) : 64.0 * 8 * double(steps);
}

void read_bytes(const float* data, size_t floats) {
  using V = Vector<16>::V;
  V sums[8]{};
  for (size_t i = 0; i + 128 <= floats; i += 128)
#pragma GCC unroll 8
    for (int c = 0; c < 8; ++c) sums[c] += *reinterpret_cast<const V*>(data + i + size_t(c) * 16);
  keep(sums);
}

PlainProduct::PlainProduct(int lanes, int inputs, int outputs, size_t n)
    : lanes_(lanes), inputs_(inputs), panels_(panels_of(outputs, lanes)), n_(whole_tiles(n)) {
  const size_t wide = size_t(panels_) * kGroup * size_t(lanes);
  fill(rows_, n_ * size_t(inputs));
  fill(weights_, wide * size_t(inputs));
  fill(out_, n_ * wide);
}

void PlainProduct::run() {
  if (lanes_ == 16) product<16, 8>(rows_.data(), weights_.data(), out_.data(), inputs_, panels_, n_);
  else if (lanes_ == 8) product<8, 4>(rows_.data(), weights_.data(), out_.data(), inputs_, panels_, n_);
  else product<4, 4>(rows_.data(), weights_.data(), out_.data(), inputs_, panels_, n_);
}

PlainInt8Product::PlainInt8Product(int lanes, int inputs, int outputs, size_t n)
    : inputs_((inputs + 3) / 4 * 4), panels_(panels_of(outputs, lanes)), n_(whole_tiles(n)) {
  const size_t wide = size_t(panels_) * kGroup * size_t(lanes);
  fill(rows_, n_ * size_t(inputs_) / 4);
  fill(weights_, wide * size_t(inputs_) / 4);
  fill(out_, n_ * wide);
}

void PlainInt8Product::run() {
#if defined(__AVX512VNNI__)
  int8_tiles(reinterpret_cast<const int8_t*>(rows_.data()), reinterpret_cast<const int8_t*>(weights_.data()),
             reinterpret_cast<int32_t*>(out_.data()), inputs_, panels_, n_);
#endif
}

}  // namespace reference
