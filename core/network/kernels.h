// The inner loops of the network, as a table of functions compiled once per instruction set.
//
// Included by files that are compiled for processors other than the one at hand: no standard header with inline code may
// come in here, or the linker could keep the copy that the older processor cannot run.
//
// The result of a row never depends, bit for bit, on its place in a batch or on the batch's size: every row runs
// through the same tile code, and rows missing from the last tile are stood in for by the last row.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace treelet {

constexpr int kRowAlign = 16;  // rows of activations are padded with zeros to this many floats (64 bytes)
constexpr int kMaxPieces = 8;
constexpr int kMaxWidth = 1024;  // floats of a row that is normalized

// Weights packed for the tile loop: `panels` blocks of (inputs, group, lanes), bias (panels, group, lanes).
struct PackedView {
  const float* weights;  // 64-byte aligned
  const float* bias;     // 64-byte aligned
  int inputs, outputs, panels, group;
};

// Weights in bytes: an output's are those bytes times its `scale`. `panels` blocks of (inputs / 4, group, lanes, 4), inputs
// rounded up to fours with zeros; scale, offset and bias (panels, group, lanes).
struct PackedBytesView {
  const int8_t* weights;  // 64-byte aligned
  const float* scale;
  const int32_t* offset;  // −128 · the sum of an output's bytes: input bytes come as 0 to 255
  const float* bias;
  int inputs, outputs, panels, group;
};
constexpr int kMostByteInputs = 2048;

// Input rows: row i is the concatenation over s of data[i·row_stride + s·segment_stride + 0 … segment_length).
struct RowsView {
  const float* data;
  size_t row_stride, segment_stride;  // floats
  int segments, segment_length;
};

// LayerNorm over `units` of a row padded to `padded` floats; all three arrays are (padded), zero past `units`.
struct NormView {
  const float* gain;
  const float* shift;
  const float* mask;  // 1 for a unit, 0 for padding
  int units, padded;
};

// Numbers in 16 bits: each is values[i] · step.
struct ShortRow {
  const int16_t* values;
  float step;
};

struct ScoreView {
  int n_features, hidden, pieces, n_actions;
  const float* bias;              // (pieces · hidden)
  const float* upper_transposed;  // (hidden, padded_actions)
  const float* upper_bias;        // (padded_actions)
  int padded_actions;             // n_actions rounded up to kRowAlign
  // In bytes, or null: (hidden / 4 rounded up, padded_actions, 4), and what PackedBytesView says of the others.
  const int8_t* upper_bytes;
  const float* upper_step;
  const int32_t* upper_offset;
};

// Values 0 to `singles` − 1 are groups of their own; then come [singles, middle) and [middle, n).
struct ExpView {
  const float* values;  // readable up to n rounded up to kRowAlign
  int singles, middle, n;  // singles: 0 to 3
  float top;
};

struct Kernels {
  const char* name;
  int lanes;         // floats in a vector
  bool fast_bytes;   // products of bytes are faster than those of floats

  // out (n_rows, out_stride ≥ outputs) = rows · weightsᵀ + bias; the whole stride of a row is
  // its to write, the last one's too, and what follows the outputs is undefined.
  void (*affine)(const PackedView& matrix, const RowsView& rows, size_t n_rows, float* out, size_t out_stride);
  // out (n_rows, stride ≥ padded) = residual + LayerNorm(max over pieces of the affine map); residual, laid out as out, may
  // be null. Input and residual may be the rows of out themselves, as long as a row's input is no other row of out.
  void (*maxout_norm)(const PackedView& matrix, const NormView& norm, const RowsView& rows, size_t n_rows,
                      const float* residual, float* out, size_t stride);
  // The same two with weights in bytes: each row is rounded to bytes, 127 being its largest magnitude; the sums of products
  // are exact.
  void (*affine_bytes)(const PackedBytesView& matrix, const RowsView& rows, size_t n_rows, float* out, size_t out_stride);
  void (*maxout_norm_bytes)(const PackedBytesView& matrix, const NormView& norm, const RowsView& rows, size_t n_rows,
                            const float* residual, float* out, size_t stride);
  // The same for one row whose affine map is bias + parts[0] + parts[1] + …, each (pieces · padded).
  void (*maxout_norm_of_sum)(const NormView& norm, int pieces, const float* bias, const ShortRow* parts, int n_parts,
                             const float* residual, float* out);
  // Rounds n numbers, a multiple of kRowAlign, to whole steps of the largest magnitude / 32767. Returns the step: NaN when a
  // number is not finite.
  float (*to_shorts)(const float* values, int n, int16_t* out);
  // out (length) = sum of four rows of a table (rows, length); length is a multiple of kRowAlign.
  void (*sum_of_four)(const float* table, const uint32_t* rows, int length, float* out);
  // Index of the largest of n numbers, the first of equals; 0 when none compares.
  int (*argmax)(const float* values, int n);
  // Sums of exp(value − top) over groups of values, within a part in ten thousand. A difference below −87 counts
  // as that; a group with one above 87 has no sensible sum, the others have theirs.
  void (*sum_exp)(const ExpView& view, float* sums);
  // Gated sums over n words, from the last to the first when `back`: carry = f·carry + (1 − f)·candidate, f the sigmoid of the
  // gate, written to out (n, out_stride) at each word. rows: (n, 2·units), candidates before gates; carry: (units), read and
  // left; units is a multiple of kRowAlign.
  void (*scan)(const float* rows, size_t n, int units, bool back, float* carry, float* out, size_t out_stride);
  // Index of the largest of n scores + penalties, the first of equals; −1 when a score is not finite. Penalties: 0 or −∞, not
  // all −∞; both arrays are readable, scores finite, up to n rounded up to kRowAlign, where penalties are −∞.
  int (*choose)(const float* scores, const float* penalties, int n);
  // Scores (padded_actions) of a state's actions; parts: n_features rows (pieces · hidden); scratch: (pieces · hidden).
  void (*score)(const ScoreView& layers, const float* const* parts, float* scratch, float* scores);
};

const Kernels* generic_kernels();
const Kernels* avx2_kernels();    // null where not compiled in
const Kernels* avx512_kernels();  // null where not compiled in
const Kernels* avx512vnni_kernels();  // null where not compiled in

// The fastest that this processor runs, or the one named by the environment variable TREELET_ISA
// (generic, avx2, avx512, avx512vnni). Chosen once. Throws Error(settings) for a name that is unknown or cannot run here.
const Kernels& kernels();

}  // namespace treelet
