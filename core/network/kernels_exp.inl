// Kernels that take exponentials; comes inside kernels.inl, in its vector types and its namespace.

// exp(x) for x from −87 to 87, within 2 parts in 10⁷: 2ⁿ · exp(r), |r| ≤ ln 2 / 2, and the Taylor series of exp(r).
inline V exp_clamped(V x) {
  constexpr float kRounding = 12582912.0f;  // 1.5 · 2²³: adding it rounds to a whole number
  const V shifted = x * splat(1.44269504f) + splat(kRounding);
  const V n = shifted - splat(kRounding);
  const V r = (x - n * splat(0.693359375f)) + n * splat(2.12194440e-4f);  // ln 2 in two parts
  V p = splat(1.0f / 720) * r + splat(1.0f / 120);
  p = p * r + splat(1.0f / 24);
  p = p * r + splat(1.0f / 6);
  p = p * r + splat(0.5f);
  p = p * r + splat(1.0f);
  p = p * r + splat(1.0f);
  typedef unsigned Bits __attribute__((vector_size(KERNEL_LANES * 4)));  // what is out of range wraps around
  return (V)((Bits)p + (((Bits)shifted - (Bits)splat(kRounding)) << 23));
}

// 1 / (1 + e^−x).
inline V sigmoid(V x) {
  V y = -x;
  y = y > splat(87.0f) ? splat(87.0f) : y;
  y = y < splat(-87.0f) ? splat(-87.0f) : y;
  return splat(1.0f) / (splat(1.0f) + exp_clamped(y));
}

void scan(const float* rows, size_t n, int units, bool back, float* carry, float* out, size_t out_stride) {
  for (int i = 0; i < units; i += kLanes) {
    V sum = load(carry + i);
    for (size_t k = 0; k < n; ++k) {
      const size_t word = back ? n - 1 - k : k;
      const float* row = rows + word * 2 * size_t(units) + i;
      const V candidate = load(row);
      sum = candidate + sigmoid(load(row + units)) * (sum - candidate);
      store(out + word * out_stride + i, sum);
    }
    store(carry + i, sum);
  }
}

// sums: (singles + 2).
void sum_exp(const ExpView& view, float* sums) {
  I place;
  for (int lane = 0; lane < kLanes; ++lane) place[lane] = lane;
  V middle = splat(0.0f), last = splat(0.0f);
  for (int i = 0; i < view.n; i += kLanes) {
    const V terms = exp_clamped(largest(load(view.values + i) - splat(view.top), splat(-87.0f)));
    if (i == 0) {
      for (int single = 0; single < view.singles; ++single) sums[single] = terms[single];
    }
    middle += (place >= view.singles) & (place < view.middle) ? terms : splat(0.0f);
    last += (place >= view.middle) & (place < view.n) ? terms : splat(0.0f);
    place += kLanes;
  }
  sums[view.singles] = sum_lanes(middle);
  sums[view.singles + 1] = sum_lanes(last);
}
