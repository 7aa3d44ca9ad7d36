#include "network/gradients.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace treelet {

void maxout_forward(const float* x, size_t n, size_t width, int pieces, float* best, int32_t* which) {
  for (size_t r = 0; r < n; ++r, x += width * size_t(pieces), best += width, which += width) {
    std::copy_n(x, width, best);
    std::fill_n(which, width, int32_t(0));
    for (int p = 1; p < pieces; ++p) {
      const float* piece = x + size_t(p) * width;
      for (size_t i = 0; i < width; ++i) {
        const bool better = piece[i] > best[i];
        best[i] = better ? piece[i] : best[i];
        which[i] = better ? p : which[i];
      }
    }
  }
}

void maxout_backward(const float* gradient, const int32_t* which, size_t n, size_t width, int pieces, float* out) {
  for (size_t r = 0; r < n; ++r, gradient += width, which += width)
    for (int p = 0; p < pieces; ++p, out += width)
      for (size_t i = 0; i < width; ++i) out[i] = which[i] == p ? gradient[i] : 0.0f;
}

namespace {

// The word that comes `k`-th in a scan, and whether it is the first of its document there.
size_t scanned(const ScanView& scan, size_t k) { return scan.back ? scan.n - 1 - k : k; }
bool starts(const ScanView& scan, size_t word) {
  return scan.back ? word + 1 == scan.n || scan.first[word + 1] : word == 0 || scan.first[word];
}

}  // namespace

void scan_forward(const ScanView& scan, float* forget, float* sums) {
  const size_t units = scan.units;
  const std::vector<float> none(units, 0.0f);
  for (size_t word = 0; word < scan.n; ++word)
    for (size_t i = 0; i < units; ++i)
      forget[word * units + i] = 1.0f / (1.0f + std::exp(-scan.gates[word * 2 * units + units + i]));
  for (size_t k = 0; k < scan.n; ++k) {
    const size_t word = scanned(scan, k);
    const float* candidate = scan.gates + word * 2 * units;
    const float* before = starts(scan, word) ? none.data() : sums + (scan.back ? word + 1 : word - 1) * units;
    for (size_t i = 0; i < units; ++i)
      sums[word * units + i] = candidate[i] + forget[word * units + i] * (before[i] - candidate[i]);
  }
}

void scan_backward(const ScanView& scan, const float* forget, const float* sums, const float* gradient, float* out) {
  const size_t units = scan.units;
  const std::vector<float> none(units, 0.0f);
  std::vector<float> carried(units, 0.0f);  // gradient that later words send back to this one
  for (size_t k = scan.n; k-- > 0;) {
    const size_t word = scanned(scan, k);
    const bool first = starts(scan, word);
    const float* candidate = scan.gates + word * 2 * units;
    const float* before = first ? none.data() : sums + (scan.back ? word + 1 : word - 1) * units;
    float* to = out + word * 2 * units;
    for (size_t i = 0; i < units; ++i) {
      const float f = forget[word * units + i], g = gradient[word * units + i] + carried[i];
      to[i] = g * (1.0f - f);
      to[units + i] = g * (before[i] - candidate[i]) * f * (1.0f - f);
      carried[i] = first ? 0.0f : g * f;
    }
  }
}

void sum_rows_forward(const NamedRows& named, const float* rows, const float* padding, float* out) {
  const size_t wide = named.wide;
  const int32_t* position = named.positions;
  for (size_t s = 0; s < named.n_states; ++s, out += wide) {
    std::fill_n(out, wide, 0.0f);
    for (size_t f = 0; f < named.n_features; ++f, ++position) {
      const bool there = *position >= 0 && size_t(*position) < named.n_tokens;
      const float* row = there ? rows + (size_t(*position) * named.n_features + f) * wide : padding + f * wide;
      for (size_t i = 0; i < wide; ++i) out[i] += row[i];
    }
  }
}

void sum_rows_backward(const NamedRows& named, const float* gradient, float* rows, float* padding) {
  const size_t wide = named.wide;
  const int32_t* position = named.positions;
  for (size_t s = 0; s < named.n_states; ++s, gradient += wide)
    for (size_t f = 0; f < named.n_features; ++f, ++position) {
      const bool there = *position >= 0 && size_t(*position) < named.n_tokens;
      float* row = there ? rows + (size_t(*position) * named.n_features + f) * wide : padding + f * wide;
      for (size_t i = 0; i < wide; ++i) row[i] += gradient[i];
    }
}

NamedPairs name_pairs(const int32_t* positions, size_t n_states, size_t n_features, size_t n_tokens) {
  NamedPairs found;
  found.begins.push_back(0);
  found.pairs.assign(n_states * n_features, -1);
  std::vector<int32_t> of_token(n_tokens);
  for (size_t f = 0; f < n_features; ++f) {
    std::fill(of_token.begin(), of_token.end(), -1);
    for (size_t s = 0; s < n_states; ++s) {
      const int32_t token = positions[s * n_features + f];
      if (token >= 0 && size_t(token) < n_tokens) of_token[size_t(token)] = 0;
    }
    for (size_t token = 0; token < n_tokens; ++token) {
      if (of_token[token] < 0) continue;
      of_token[token] = int32_t(found.tokens.size());
      found.tokens.push_back(int64_t(token));
    }
    for (size_t s = 0; s < n_states; ++s) {
      const int32_t token = positions[s * n_features + f];
      if (token >= 0 && size_t(token) < n_tokens) found.pairs[s * n_features + f] = of_token[size_t(token)];
    }
    found.begins.push_back(int64_t(found.tokens.size()));
  }
  return found;
}

}  // namespace treelet
