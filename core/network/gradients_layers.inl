// Layers of the encoder and their gradients; comes inside gradients_kernels.inl, in its namespace.

// top (width) = max over pieces of x + bias, and which piece was the first to reach it.
inline void maximum(const float* __restrict x, const float* __restrict bias, size_t width, int pieces, float* __restrict top,
                    uint8_t* __restrict which) {
#pragma omp simd
  for (size_t i = 0; i < width; ++i) {
    float best = x[i] + bias[i];
    int32_t reached = 0;
    for (int p = 1; p < pieces; ++p) {
      const float value = x[size_t(p) * width + i] + bias[size_t(p) * width + i];
      reached = value > best ? p : reached;
      best = value > best ? value : best;
    }
    top[i] = best;
    which[i] = uint8_t(reached);
  }
}

void maxout_norm_forward(const MaxoutNormView& l, const float* x, const float* residual, const MaxoutNormKept& kept,
                         float* out) {
  const size_t width = l.width;
  const float scale = l.drop.scale();
  for (size_t r = 0; r < l.n; ++r, x += width * size_t(l.pieces), out += width) {
    float* __restrict normal = kept.normal + r * width;
    uint8_t* __restrict which = kept.which + r * width;
    switch (l.pieces) {  // a constant number of pieces is unrolled
      case 2: maximum(x, l.bias, width, 2, normal, which); break;
      case 3: maximum(x, l.bias, width, 3, normal, which); break;
      default: maximum(x, l.bias, width, l.pieces, normal, which);
    }
    float sum = 0.0f, square = 0.0f;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < width; ++i) sum += normal[i];
    const float mean = sum / float(width);
#pragma omp simd reduction(+ : square)
    for (size_t i = 0; i < width; ++i) square += (normal[i] - mean) * (normal[i] - mean);
    const float inverse = 1.0f / __builtin_sqrtf(square / float(width) + 1e-5f);
    kept.scale[r] = inverse;
    if (l.drop.cut) mark_dropped(l.drop, r, width, which);
    const float* __restrict other = residual ? residual + r * width : nullptr;
    float* __restrict to = out;
#pragma omp simd
    for (size_t i = 0; i < width; ++i) {
      normal[i] = (normal[i] - mean) * inverse;
      const float value = (normal[i] * l.gain[i] + l.shift[i]) * (which[i] < kDropped ? scale : 0.0f);
      to[i] = other ? other[i] + value : value;
    }
  }
}

// to (pieces · width) = from where the piece was the one, else 0; added to sum as well.
inline void spread(const float* __restrict from, const uint8_t* __restrict which, size_t width, int pieces,
                   float* __restrict to, float* __restrict sum) {
  for (int p = 0; p < pieces; ++p, to += width, sum += width) {
#pragma omp simd
    for (size_t i = 0; i < width; ++i) {
      const float value = (which[i] & (kDropped - 1)) == p ? from[i] : 0.0f;
      to[i] = value;
      sum[i] += value;
    }
  }
}

// The gradient of the maximum is put where the gradient of the output was scaled: `kept.normal` is used up.
void maxout_norm_backward(const MaxoutNormView& l, const MaxoutNormKept& kept, const float* gradient,
                          const MaxoutNormGradients& out) {
  const size_t width = l.width;
  const float scale = l.drop.scale();
  float* to = out.x;
  for (size_t r = 0; r < l.n; ++r, gradient += width, to += width * size_t(l.pieces)) {
    float* __restrict normal = kept.normal + r * width;
    const uint8_t* __restrict which = kept.which + r * width;
    float* __restrict d_gain = out.gain;
    float* __restrict d_shift = out.shift;
    float sum = 0.0f, product = 0.0f;
#pragma omp simd reduction(+ : sum, product)
    for (size_t i = 0; i < width; ++i) {
      const float g = which[i] < kDropped ? gradient[i] * scale : 0.0f;
      d_gain[i] += g * normal[i];
      d_shift[i] += g;
      sum += g * l.gain[i];
      product += g * l.gain[i] * normal[i];
    }
    const float mean = sum / float(width), slope = product / float(width), inverse = kept.scale[r];
#pragma omp simd
    for (size_t i = 0; i < width; ++i) {
      const float g = which[i] < kDropped ? gradient[i] * scale : 0.0f;
      normal[i] = inverse * (g * l.gain[i] - mean - normal[i] * slope);
    }
    spread(normal, which, width, l.pieces, to, out.bias);
  }
}

// The candidates and gates of one direction start at `part` of a row of gates; sums at `column` of a row of joined.
struct Direction {
  size_t part, column;
  bool back;
};

inline bool starts(const ScansView& s, const Direction& d, size_t word) {
  return d.back ? word + 1 == s.n || s.first[word + 1] : word == 0 || s.first[word];
}

void scan_forward(const ScansView& s, const Direction& d, float* forget, float* joined) {
  const size_t units = s.units, stride = s.width + 2 * units;
  const float* __restrict bias = s.bias + d.part;
  for (size_t k = 0; k < s.n; ++k) {
    const size_t word = d.back ? s.n - 1 - k : k;
    const float* __restrict gates = s.gates + word * 4 * units + d.part;
    float* __restrict f = forget + word * 2 * units + d.part / 2;
    float* __restrict sums = joined + word * stride + d.column;
    const float* __restrict before = d.back ? sums + stride : sums - stride;
    const bool fresh = starts(s, d, word);
#pragma omp simd
    for (size_t i = 0; i < units; ++i) f[i] = sigmoid_of(gates[units + i] + bias[units + i]);
    if (fresh) {
#pragma omp simd
      for (size_t i = 0; i < units; ++i) sums[i] = (1.0f - f[i]) * (gates[i] + bias[i]);
    } else {
#pragma omp simd
      for (size_t i = 0; i < units; ++i) {
        const float candidate = gates[i] + bias[i];
        sums[i] = candidate + f[i] * (before[i] - candidate);
      }
    }
  }
}

void scans_forward(const ScansView& s, const float* x, float* forget, float* joined) {
  for (size_t word = 0; word < s.n; ++word)
    __builtin_memcpy(joined + word * (s.width + 2 * s.units), x + word * s.width, s.width * sizeof(float));
  scan_forward(s, {0, s.width, false}, forget, joined);
  scan_forward(s, {2 * s.units, s.width + s.units, true}, forget, joined);
}

// The gradient that later words send back to a word's sum travels in the gates of the word before it: out[0 … units) of a word
// holds it until the word's turn comes.
void scan_backward(const ScansView& s, const Direction& d, const float* forget, const float* joined, const float* gradient,
                   float* out, float* bias_out) {
  const size_t units = s.units, stride = s.width + 2 * units;
  const float* __restrict bias = s.bias + d.part;
  float* __restrict d_bias = bias_out + d.part;
  bool carried = false;
  for (size_t k = s.n; k-- > 0;) {
    const size_t word = d.back ? s.n - 1 - k : k;
    const bool fresh = starts(s, d, word);
    const float* __restrict gates = s.gates + word * 4 * units + d.part;
    const float* __restrict f = forget + word * 2 * units + d.part / 2;
    const float* sums = joined + word * stride + d.column;
    const float* __restrict before = fresh ? sums : d.back ? sums + stride : sums - stride;
    const float* __restrict g = gradient + word * stride + d.column;
    float* to = out + word * 4 * units + d.part;
    float* next = fresh ? to : d.back ? to + 4 * units : to - 4 * units;
    const float kept = fresh ? 0.0f : 1.0f;
    if (!carried) __builtin_memset(to, 0, units * sizeof(float));
#pragma omp simd
    for (size_t i = 0; i < units; ++i) {
      const float total = g[i] + to[i], open = 1.0f - f[i];
      const float gate = total * (kept * before[i] - (gates[i] + bias[i])) * f[i] * open;
      next[i] = total * f[i];
      to[i] = total * open;
      to[units + i] = gate;
      d_bias[i] += total * open;
      d_bias[units + i] += gate;
    }
    carried = !fresh;
  }
}

void scans_backward(const ScansView& s, const float* forget, const float* joined, const float* gradient, float* gates,
                    float* bias) {
  scan_backward(s, {0, s.width, false}, forget, joined, gradient, gates, bias);
  scan_backward(s, {2 * s.units, s.width + s.units, true}, forget, joined, gradient, gates, bias);
}

// The word `step` away, or −1 where that is another document.
inline ptrdiff_t neighbour(const WindowView& v, size_t word, int step) {
  const ptrdiff_t other = ptrdiff_t(word) + step;
  if (other < 0 || other >= ptrdiff_t(v.n) || v.documents[other] != v.documents[word]) return -1;
  return other;
}

void window_forward(const WindowView& v, const float* x, float* out) {
  for (size_t word = 0; word < v.n; ++word)
    for (int step = -v.window; step <= v.window; ++step, out += v.width) {
      const ptrdiff_t other = neighbour(v, word, step * v.dilation);
      if (other < 0) __builtin_memset(out, 0, v.width * sizeof(float));
      else __builtin_memcpy(out, x + size_t(other) * v.width, v.width * sizeof(float));
    }
}

void window_backward(const WindowView& v, const float* gradient, float* x) {
  for (size_t word = 0; word < v.n; ++word)
    for (int step = -v.window; step <= v.window; ++step, gradient += v.width) {
      const ptrdiff_t other = neighbour(v, word, step * v.dilation);
      if (other >= 0) add(gradient, v.width, x + size_t(other) * v.width);
    }
}
