// Kernels that score the actions of a state and choose one; comes inside kernels.inl, in its vector types and its namespace.

// The largest number that each lane has met, and the first place where it stood.
struct LaneBest {
  V value;
  I place;
};

// The first place of the largest number over all lanes, n when nothing was larger than −∞.
inline int first_best(const LaneBest& best, int n) {
  float values[KERNEL_LANES], tops[KERNEL_LANES];
  store(values, best.value);
  store(tops, best.value);
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) tops[i] = tops[i + half] > tops[i] ? tops[i + half] : tops[i];
  const I far = (I)V{} + n;
  const I place = best.value == splat(tops[0]) ? best.place : far;
  int places[KERNEL_LANES];
  for (int i = 0; i < kLanes; ++i) places[i] = place[i];
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) places[i] = places[i + half] < places[i] ? places[i + half] : places[i];
  return places[0];
}

inline I lane_places() {
  I place;
  for (int lane = 0; lane < kLanes; ++lane) place[lane] = lane;
  return place;
}

int argmax(const float* values, int n) {
  const I end = (I)V{} + n;
  LaneBest best{splat(-__builtin_inff()), end};
  I place = lane_places();
  int i = 0;
  for (; i + kLanes <= n; i += kLanes, place += kLanes) {
    const V value = load(values + i);
    best.place = value > best.value ? place : best.place;
    best.value = largest(value, best.value);
  }
  int first = first_best(best, n);
  for (; i < n; ++i)
    if (first == n || values[i] > values[first]) first = i;
  return first == n ? 0 : first;
}

// A difference of a number with itself is 0, but for infinities and NaN: those win, and are told apart after.
int choose(const float* scores, const float* penalties, int n) {
  const V infinity = splat(__builtin_inff());
  LaneBest best{-infinity, (I)V{}};
  I place = lane_places();
  for (int i = 0; i < n; i += kLanes, place += kLanes) {
    const V score = load(scores + i);
    const V value = score - score == V{} ? score + load(penalties + i) : infinity;
    best.place = value > best.value ? place : best.place;
    best.value = largest(value, best.value);
  }
  const int first = first_best(best, n);
  const float score = scores[first < n ? first : 0];
  return score - score == 0.0f ? first : -1;
}

// scores (G vectors) = bias + Σ_h top[h] · weights[h].
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
#pragma GCC unroll 8
  for (int g = 0; g < G; ++g) store(scores + column + g * kLanes, acc[g]);
}

// The same in bytes; x: (hidden) bytes, each worth `step`.
template <int G>
inline void upper_block_bytes(const ScoreView& s, const uint8_t* x, float step, int column, float* scores) {
  I sum[G];
#pragma GCC unroll 8
  for (int g = 0; g < G; ++g) sum[g] = load_ints(s.upper_offset + column + g * kLanes);
  const int8_t* w = s.upper_bytes + column * 4;
  for (int h = 0; h < s.hidden; h += 4, w += s.padded_actions * 4) {
    uint32_t four;
    __builtin_memcpy(&four, x + h, 4);
#pragma GCC unroll 8
    for (int g = 0; g < G; ++g) sum[g] = add_products(sum[g], four, w + g * kLanes * 4);
  }
#pragma GCC unroll 8
  for (int g = 0; g < G; ++g) {
    const V scale = load(s.upper_step + column + g * kLanes) * splat(step);
    store(scores + column + g * kLanes, __builtin_convertvector(sum[g], V) * scale + load(s.upper_bias + column + g * kLanes));
  }
}

// As many vectors at a time as keep the processor busy: sums wait for one another.
template <class Block>
void upper_layer(const ScoreView& s, Block block) {
  int left = s.padded_actions / kLanes;
  for (int column = 0; left > 0;) {
    const int passes = (left + 7) / 8, group = (left + passes - 1) / passes;
    switch (group) {
      case 1: block.template operator()<1>(column); break;
      case 2: block.template operator()<2>(column); break;
      case 3: block.template operator()<3>(column); break;
      case 4: block.template operator()<4>(column); break;
      case 5: block.template operator()<5>(column); break;
      case 6: block.template operator()<6>(column); break;
      case 7: block.template operator()<7>(column); break;
      default: block.template operator()<8>(column); break;
    }
    column += group * kLanes;
    left -= group;
  }
}

// out (W vectors) = bias + Σ_f parts[f], from column `i` on: a feature's row is read in one go.
template <int W>
inline void sum_parts(const ScoreView& s, const float* const* parts, int i, float* out) {
  V acc[W];
#pragma GCC unroll 8
  for (int k = 0; k < W; ++k) acc[k] = load(s.bias + i + k * kLanes);
  for (int f = 0; f < s.n_features; ++f) {
    const float* part = parts[f] + i;
#pragma GCC unroll 8
    for (int k = 0; k < W; ++k) acc[k] += load(part + k * kLanes);
  }
#pragma GCC unroll 8
  for (int k = 0; k < W; ++k) store(out + i + k * kLanes, acc[k]);
}

void score(const ScoreView& s, const float* const* parts, float* scratch, float* scores) {
  const int wide = s.hidden * s.pieces;
  int i = 0;
  for (; i + 8 * kLanes <= wide; i += 8 * kLanes) sum_parts<8>(s, parts, i, scratch);
  for (; i + kLanes <= wide; i += kLanes) sum_parts<1>(s, parts, i, scratch);
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
  if (s.upper_bytes) {
    const Bytes::Tile<1> top({scratch, 0, 0, 1, s.hidden}, 0, 1);
    upper_layer(s, [&]<int G>(int column) { upper_block_bytes<G>(s, top.bytes(), top.step(), column, scores); });
  } else {
    upper_layer(s, [&]<int G>(int column) { upper_block<G>(s, scratch, column, scores); });
  }
}
