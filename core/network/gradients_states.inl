// Hidden units of states and the losses of rows of scores, with their gradients; comes inside gradients_kernels.inl.

// The row that a state adds for a feature: the offset of a named token's, or −1 for padding.
inline ptrdiff_t named_row(const StatesView& s, int32_t position, size_t feature, size_t wide) {
  if (position < 0 || size_t(position) >= s.n_tokens) return -1;
  return ptrdiff_t((s.pairs ? size_t(position) : size_t(position) * s.n_features + feature) * wide);
}

void states_forward(const StatesView& s, const float* rows, uint8_t* which, float* hidden) {
  const size_t wide = s.hidden * size_t(s.pieces);
  const float scale = s.drop.scale();
  constexpr size_t kBlock = 128;
  const int32_t* positions = s.positions;
  for (size_t state = 0; state < s.n_states; ++state, positions += s.n_features) {
    uint8_t* __restrict reached = which + state * s.hidden;
    float* __restrict top = hidden + state * s.hidden;
    for (int p = 0; p < s.pieces; ++p) {
      for (size_t begin = 0; begin < s.hidden; begin += kBlock) {
        const size_t size = s.hidden - begin < kBlock ? s.hidden - begin : kBlock, at = size_t(p) * s.hidden + begin;
        float sums[kBlock];
        for (size_t i = 0; i < size; ++i) sums[i] = s.bias[at + i];
        for (size_t f = 0; f < s.n_features; ++f) {
          const ptrdiff_t row = named_row(s, positions[f], f, wide);
          add((row < 0 ? s.padding + f * wide : rows + row) + at, size, sums);
        }
#pragma omp simd
        for (size_t i = 0; i < size; ++i) {
          const bool better = p == 0 || sums[i] > top[begin + i];
          top[begin + i] = better ? sums[i] : top[begin + i];
          reached[begin + i] = better ? uint8_t(p) : reached[begin + i];
        }
      }
    }
    if (!s.drop.cut) continue;
    mark_dropped(s.drop, state, s.hidden, reached);
#pragma omp simd
    for (size_t i = 0; i < s.hidden; ++i) top[i] *= reached[i] < kDropped ? scale : 0.0f;
  }
}

void states_backward(const StatesView& s, const uint8_t* which, const float* gradient, float* rows, float* padding,
                     float* bias) {
  const size_t wide = s.hidden * size_t(s.pieces);
  const float scale = s.drop.scale();
  constexpr size_t kBlock = 128;
  const int32_t* positions = s.positions;
  for (size_t state = 0; state < s.n_states; ++state, positions += s.n_features) {
    const uint8_t* __restrict reached = which + state * s.hidden;
    const float* __restrict from = gradient + state * s.hidden;
    for (int p = 0; p < s.pieces; ++p) {
      for (size_t begin = 0; begin < s.hidden; begin += kBlock) {
        const size_t size = s.hidden - begin < kBlock ? s.hidden - begin : kBlock, at = size_t(p) * s.hidden + begin;
        float part[kBlock];
#pragma omp simd
        for (size_t i = 0; i < size; ++i) part[i] = reached[begin + i] == p ? from[begin + i] * scale : 0.0f;
        add(part, size, bias + at);
        for (size_t f = 0; f < s.n_features; ++f) {
          const ptrdiff_t row = named_row(s, positions[f], f, wide);
          add(part, size, (row < 0 ? padding + f * wide : rows + row) + at);
        }
      }
    }
  }
}

// Adds the bias; the largest of the counted scores (all, when null).
inline float biased_top(float* __restrict scores, const float* __restrict bias, size_t size,
                        const uint8_t* __restrict counted) {
  float top = -3.0e38f;
#pragma omp simd reduction(max : top)
  for (size_t i = 0; i < size; ++i) {
    scores[i] += bias[i];
    const float value = !counted || counted[i] ? scores[i] : -3.0e38f;
    top = value > top ? value : top;
  }
  return top;
}

inline float exp_below(float x) {
  float y = x < 0.0f ? x : 0.0f;
  y = y > -80.0f ? y : -80.0f;
  return exp_of(y);
}

double label_loss(float* __restrict scores, const float* bias, size_t size, size_t label, float smoothing) {
  const float top = biased_top(scores, bias, size, nullptr);
  const float wanted = scores[label] - top;
  float mass = 0.0f, sum = 0.0f;
#pragma omp simd reduction(+ : mass, sum)
  for (size_t i = 0; i < size; ++i) {
    const float below = scores[i] - top;
    sum += below;
    scores[i] = exp_below(below);
    mass += scores[i];
  }
  const float inverse = 1.0f / mass, share = smoothing / float(size);
#pragma omp simd
  for (size_t i = 0; i < size; ++i) scores[i] = scores[i] * inverse - share;
  scores[label] -= 1.0f - smoothing;
  const double log_mass = __builtin_log(double(mass));
  return log_mass - (1.0 - double(smoothing)) * double(wanted) - double(share) * double(sum);
}

double action_loss(float* __restrict scores, const float* bias, size_t size, const uint8_t* __restrict counted,
                   const uint8_t* __restrict right, float weight) {
  const float top = biased_top(scores, bias, size, counted);
  float everything = 0.0f, gold = 0.0f;
#pragma omp simd reduction(+ : everything, gold)
  for (size_t i = 0; i < size; ++i) {
    const float mass = !counted || counted[i] ? exp_below(scores[i] - top) : 0.0f;
    scores[i] = mass;
    everything += mass;
    gold += right[i] ? mass : 0.0f;
  }
  const float of_all = weight / everything, of_gold = weight / gold;
#pragma omp simd
  for (size_t i = 0; i < size; ++i) scores[i] = scores[i] * of_all - (right[i] ? scores[i] * of_gold : 0.0f);
  return double(weight) * (__builtin_log(double(everything)) - __builtin_log(double(gold)));
}
