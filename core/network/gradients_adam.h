// Gradients in, better parameters and their running average out: Adam (Kingma & Ba 2015) with decoupled weight decay
// (Loshchilov & Hutter 2019), in one pass over memory.
//
// A batch reads few rows of a large table, yet Adam moves every row at every step. Rows of tables wait until they are read
// again and then make up for the steps they missed, each by its own step size: the same numbers, bit for bit, as if
// they had never waited (where gradients are clipped, but for the order in which their norm is summed).
#pragma once

#include <cstdint>
#include <vector>

#include "network/aligned.h"
#include "network/gradients_kernels.h"

namespace treelet {

struct AdamSizes {
  float rate, weight_decay;
  float blend;  // share of the new parameters in their average
  float clip;   // largest norm of all gradients together; 0: any
};

class Adam {
 public:
  Adam() = default;
  Adam(const Adam&) = delete;
  Adam& operator=(const Adam&) = delete;

  // value, average (null: none) of `size` numbers, borrowed. row: numbers in a row of a table, 0 for what is no table.
  void add(float* value, float* average, size_t size, size_t row);
  size_t size() const { return parameters_.size(); }
  size_t size_of(size_t parameter) const { return parameters_[parameter].size; }
  size_t rows_of(size_t table) const { return parameters_[table].done.size(); }

  // The rows of a table, each below rows_of, that a batch is about to read: up to date from here to the next step, and the
  // only ones whose gradient that step will look at.
  void look_up(size_t table, const int64_t* rows, size_t n);
  // gradients: one a parameter. Null leaves a parameter as it is. Those of tables are zeros afterwards. Returns their norm.
  double step(const std::vector<float*>& gradients, const AdamSizes& sizes);
  // Every row makes up for the steps it missed.
  void catch_up();
  // What is frozen is left as it is, average and all, whatever its gradient; tables must have caught up before.
  void freeze(size_t parameter, bool frozen) { parameters_[parameter].frozen = frozen; }
  // What Adam remembers of a parameter: first and second moments, its numbers each, and how many steps made them.
  struct Memory {
    const float* first;
    const float* second;
    int64_t steps;
  };
  Memory memory(size_t parameter) const;  // of tables that have caught up
  void remember(size_t parameter, const Memory& memory);

 private:
  struct Parameter {
    AdamView view;
    size_t size, row;
    AlignedFloats first, second;
    int64_t steps = 0;
    bool frozen = false;
    // Of a table:
    std::vector<AdamStep> made;    // steps since the last catch_up()
    std::vector<uint32_t> done;    // how many of them each row has made
    std::vector<uint8_t> read;     // 1 for a row of `rows`
    std::vector<uint32_t> rows;    // that the batch has read
  };
  static void catch_up(Parameter& table, size_t row);
  double norm(const std::vector<float*>& gradients) const;
  AdamStep next_step(Parameter& parameter, const AdamSizes& sizes) const;

  std::vector<Parameter> parameters_;
};

}  // namespace treelet
