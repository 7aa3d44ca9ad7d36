// The inner loops of teaching, as a table of functions compiled once per instruction set, like network/kernels.h: everything
// of a step but its products, each function the whole of what lies between two products.
//
// Results depend on the instruction set, never on threads. No standard header with inline code may come in here.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace treelet {

// What is hidden of the numbers a layer gives: those whose random byte is below `cut`; the others are scaled to keep the mean.
struct Dropping {
  uint64_t seed;
  int cut;  // 0 (none) to 255

  float scale() const { return 256.0f / float(256 - cut); }
};

// y = residual + drop(gain · LayerNorm(max over pieces of (x + bias)) + shift); x (n, pieces · width), piece-major.
struct MaxoutNormView {
  size_t n, width;
  int pieces;  // 1 to 64
  const float *bias, *gain, *shift;
  Dropping drop;
};
// What its way back needs: which piece was the first to reach the maximum, kDropped added where dropped, (n, width); the
// normal numbers before gain and shift, (n, width); what they were multiplied by, (n).
constexpr uint8_t kDropped = 128;
struct MaxoutNormKept {
  uint8_t* which;
  float *normal, *scale;
};
struct MaxoutNormGradients {
  float *x, *bias, *gain, *shift;  // overwritten; the others hold numbers, such as zeros, to add to
};

// The two scans of a recurrent layer (recurrence.h). gates (n, 4 · units), bias (4 · units): candidates and gates of the
// scan ahead, then of the one back; first (n): 1 where a document starts.
struct ScansView {
  size_t n, width, units;
  const uint8_t* first;
  const float *gates, *bias;
};

// Neighbours of each word side by side: out (n, (2 · window + 1) · width), zeros past the ends of its document.
struct WindowView {
  size_t n, width;
  int window, dilation;
  const int64_t* documents;  // (n) number of the document a word is in
};

// Hidden units of states: drop(max over pieces of (bias + sum of the rows that a state names)).
struct StatesView {
  const int32_t* positions;  // (states, features): rows of (tokens, features, wide), none when outside
  size_t n_states, n_features, n_tokens, hidden;
  bool pairs;  // rows are (tokens, wide) instead: a position names a token at one feature
  int pieces;  // wide = pieces · hidden; 1 to 64
  const float *padding, *bias;  // (features, wide), (wide)
  Dropping drop;
};

// Rows of affine scores without their bias.
struct ScoresView {
  size_t n, size;
  const float* bias;
};

struct AdamStep {
  float decay;  // of the parameters
  float rate;   // step size over the correction of the first moment
  float root;   // 1 over the root of the correction of the second moment
  float blend;  // share of the new parameters in their average
};
// Parameters, their two moments and their average, null for none.
struct AdamView {
  float *value, *first, *second, *average;
};
constexpr float kAdamFirst = 0.9f, kAdamSecond = 0.999f, kAdamEpsilon = 1e-8f;

struct GradientKernels {
  const char* name;

  void (*maxout_norm_forward)(const MaxoutNormView& layer, const float* x, const float* residual, const MaxoutNormKept& kept,
                              float* out);
  // gradient: of the output, (n, width).
  void (*maxout_norm_backward)(const MaxoutNormView& layer, const MaxoutNormKept& kept, const float* gradient,
                               const MaxoutNormGradients& out);
  // forget (n, 2 · units), sigmoids of the gates; joined (n, width + 2 · units): x, sums ahead, sums back.
  void (*scans_forward)(const ScansView& scans, const float* x, float* forget, float* joined);
  // gradient: of joined; gates (n, 4 · units), overwritten; bias (4 · units), added to.
  void (*scans_backward)(const ScansView& scans, const float* forget, const float* joined, const float* gradient, float* gates,
                         float* bias);
  void (*window_forward)(const WindowView& view, const float* x, float* out);
  // gradient: of out; x (n, width), added to.
  void (*window_backward)(const WindowView& view, const float* gradient, float* x);
  // which (states, hidden) as in MaxoutNormKept; hidden (states, hidden).
  void (*states_forward)(const StatesView& states, const float* rows, uint8_t* which, float* hidden);
  // gradient: of hidden; rows (tokens, features, wide), padding and bias are added to.
  void (*states_backward)(const StatesView& states, const uint8_t* which, const float* gradient, float* rows, float* padding,
                          float* bias);
  // Cross-entropy of a row of scores, and its gradient in their place.
  double (*label_loss)(float* scores, const float* bias, size_t size, size_t label, float smoothing);
  // −log of the share of the right actions among the counted, times weight, and its gradient in place of the scores.
  double (*action_loss)(float* scores, const float* bias, size_t size, const uint8_t* counted, const uint8_t* right,
                        float weight);
  void (*add)(const float* from, size_t n, float* to);
  double (*sum_of_squares)(const float* values, size_t n);
  // average += share · (values − average).
  void (*blend)(const float* values, size_t n, float share, float* average);
  // One step of Adam; gradient is multiplied by `scale`; null stands for zeros.
  void (*adam)(const AdamView& view, size_t n, const float* gradient, float scale, const AdamStep& step);
};

const GradientKernels* generic_gradients();
const GradientKernels* avx2_gradients();    // null where not compiled in
const GradientKernels* avx512_gradients();  // null where not compiled in

// Of the same instruction set as kernels().
const GradientKernels& gradient_kernels();

}  // namespace treelet
