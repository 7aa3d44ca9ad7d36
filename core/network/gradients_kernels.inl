// The body of every gradients_<set>.cpp: loops that the compiler turns into the set's instructions. Sums over a row are
// reordered into as many parts as there are lanes. Comes after GRADIENTS_NAME.

namespace treelet {
namespace {

// Four random bytes: a counter scrambled by the rounds of a 32-bit hash (lowbias32, Wellons 2018), the seed put in twice.
inline uint32_t scramble(uint32_t counter, uint64_t seed) {
  uint32_t x = counter * 0x9E3779B9u + uint32_t(seed);
  x ^= x >> 16;
  x *= 0x7FEB352Du;
  x ^= (x >> 15) + uint32_t(seed >> 32);
  x *= 0x846CA68Bu;
  return x ^ (x >> 16);
}

constexpr size_t kDrawn = 256;  // bytes drawn at once

// Adds kDropped to each of `which` (n) whose byte is below the cut; `row` numbers the draws.
inline void mark_dropped(const Dropping& drop, size_t row, size_t n, uint8_t* which) {
  const auto cut = uint8_t(drop.cut);
  const size_t words = (n + 3) / 4;
  for (size_t begin = 0; begin < n; begin += kDrawn) {
    const size_t size = n - begin < kDrawn ? n - begin : kDrawn;
    uint32_t drawn[kDrawn / 4];
    const auto counter = uint32_t(row * words + begin / 4);
#pragma omp simd
    for (uint32_t w = 0; w < (size + 3) / 4; ++w) drawn[w] = scramble(counter + w, drop.seed);
    uint8_t bytes[kDrawn];
    __builtin_memcpy(bytes, drawn, sizeof bytes);
#pragma omp simd
    for (size_t i = 0; i < size; ++i) which[begin + i] = uint8_t(which[begin + i] | (bytes[i] < cut ? kDropped : 0));
  }
}

// exp(x) for x from −87 to 87, within 2 parts in 10⁷ (kernels_exp.inl).
inline float exp_of(float x) {
  constexpr float kRounding = 12582912.0f;
  const float shifted = x * 1.44269504f + kRounding;
  const float n = shifted - kRounding;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.0f / 720 * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  uint32_t power, shift;  // what is out of range wraps around
  __builtin_memcpy(&power, &p, 4);
  __builtin_memcpy(&shift, &shifted, 4);
  power += (shift - 0x4B400000u) << 23;
  __builtin_memcpy(&p, &power, 4);
  return p;
}

inline float sigmoid_of(float x) {
  float y = -x;
  y = y > 87.0f ? 87.0f : y;
  y = y < -87.0f ? -87.0f : y;
  return 1.0f / (1.0f + exp_of(y));
}

void add(const float* __restrict from, size_t n, float* __restrict to) {
#pragma omp simd
  for (size_t i = 0; i < n; ++i) to[i] += from[i];
}

double sum_of_squares(const float* values, size_t n) {
  double total = 0.0;
  for (size_t begin = 0; begin < n; begin += 4096) {  // in blocks, so that floats suffice within one
    const size_t end = n - begin < 4096 ? n : begin + 4096;
    float sum = 0.0f;
#pragma omp simd reduction(+ : sum)
    for (size_t i = begin; i < end; ++i) sum += values[i] * values[i];
    total += double(sum);
  }
  return total;
}

void blend(const float* __restrict values, size_t n, float share, float* __restrict average) {
#pragma omp simd
  for (size_t i = 0; i < n; ++i) average[i] += share * (values[i] - average[i]);
}

// Kingma & Ba 2015, algorithm 1, with the weights decayed apart from the gradient (Loshchilov & Hutter 2019).
void adam(const AdamView& view, size_t n, const float* __restrict gradient, float scale, const AdamStep& step) {
  float* __restrict value = view.value;
  float* __restrict first = view.first;
  float* __restrict second = view.second;
  float* __restrict average = view.average;
  const AdamStep s = step;
#pragma omp simd
  for (size_t i = 0; i < n; ++i) {
    const float g = gradient ? gradient[i] * scale : 0.0f;
    const float m = kAdamFirst * first[i] + (1.0f - kAdamFirst) * g;
    const float v = kAdamSecond * second[i] + (1.0f - kAdamSecond) * (g * g);
    const float p = value[i] * s.decay - s.rate * m / (__builtin_sqrtf(v) * s.root + kAdamEpsilon);
    first[i] = m;
    second[i] = v;
    value[i] = p;
    if (average) average[i] += s.blend * (p - average[i]);
  }
}

#include "network/gradients_layers.inl"
#include "network/gradients_states.inl"

const GradientKernels kGradients = {GRADIENTS_NAME,  maxout_norm_forward, maxout_norm_backward, scans_forward,
                                    scans_backward,  window_forward,      window_backward,      states_forward,
                                    states_backward, label_loss,          action_loss,          add,
                                    sum_of_squares,  blend,               adam};

}  // namespace
}  // namespace treelet
