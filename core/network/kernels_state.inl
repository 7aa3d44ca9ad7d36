// Kernels that score the actions of a state; comes inside kernels.inl, in its vector types and its namespace.

int argmax(const float* values, int n) {
  float best = -__builtin_inff();
  int i = 0;
  if (n >= kLanes) {
    V top = load(values);
    for (i = kLanes; i + kLanes <= n; i += kLanes) top = largest(load(values + i), top);
    float lanes[KERNEL_LANES];
    store(lanes, top);
    for (int lane = 0; lane < kLanes; ++lane) best = lanes[lane] > best ? lanes[lane] : best;
  }
  for (; i < n; ++i) best = values[i] > best ? values[i] : best;
  for (i = 0; i < n; ++i)
    if (values[i] == best) return i;
  return 0;
}

// out (G vectors) = bias + Σ_h top[h] · weights[h].
template <int G>
inline void upper_block(const ScoreView& s, const float* top, int column, float* scores) {
  V acc[G];
#pragma GCC unroll 8
  for (int g = 0; g < G; ++g) acc[g] = load(s.upper_bias + column + g * kLanes);
  const float* w = s.upper_transposed + column;
  for (int h = 0; h < s.hidden; ++h, w += s.padded_actions) {
    const V x = splat(top[h]);
#pragma GCC unroll 8
    for (int g = 0; g < G; ++g) acc[g] += x * load(w + g * kLanes);
  }
  if (column + G * kLanes <= s.n_actions) {
#pragma GCC unroll 8
    for (int g = 0; g < G; ++g) store(scores + column + g * kLanes, acc[g]);
    return;
  }
  float block[G * KERNEL_LANES];
#pragma GCC unroll 8
  for (int g = 0; g < G; ++g) store(block + g * kLanes, acc[g]);
  for (int i = 0; column + i < s.n_actions && i < G * kLanes; ++i) scores[column + i] = block[i];
}

void score(const ScoreView& s, const float* const* parts, float* scratch, float* scores) {
  const int wide = s.hidden * s.pieces;
  int i = 0;
  for (; i + kLanes <= wide; i += kLanes) {
    V sum = load(s.bias + i);
    for (int f = 0; f < s.n_features; ++f) sum += load(parts[f] + i);
    store(scratch + i, sum);
  }
  for (; i < wide; ++i) {
    float sum = s.bias[i];
    for (int f = 0; f < s.n_features; ++f) sum += parts[f][i];
    scratch[i] = sum;
  }
  // The maximum over pieces goes where piece 0 stood.
  for (int p = 1; p < s.pieces; ++p) {
    const float* other = scratch + p * s.hidden;
    int h = 0;
    for (; h + kLanes <= s.hidden; h += kLanes) store(scratch + h, largest(load(other + h), load(scratch + h)));
    for (; h < s.hidden; ++h) scratch[h] = other[h] > scratch[h] ? other[h] : scratch[h];
  }
  int column = 0;
  for (; column + 4 * kLanes <= s.padded_actions; column += 4 * kLanes) upper_block<4>(s, scratch, column, scores);
  for (; column < s.padded_actions; column += kLanes) upper_block<1>(s, scratch, column, scores);
}
