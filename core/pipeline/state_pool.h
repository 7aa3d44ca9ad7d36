// Scratch for annotating, lent to one thread at a time.
#pragma once

#include <memory>
#include <vector>

#include "pipeline/pipeline.h"

namespace treelet {

// Scratch that waits for its next user, so that caches stay warm between calls. For any number of threads, and still
// usable in a process forked while other threads were using it.
class StatePool {
 public:
  StatePool();

  // Borrows a State for as long as the lease lives.
  class Lease {
   public:
    explicit Lease(StatePool& pool) : pool_(pool), state_(pool.take()) {}
    ~Lease() { pool_.give(std::move(state_)); }
    Lease(const Lease&) = delete;
    Pipeline::State& state() { return *state_; }

   private:
    StatePool& pool_;
    std::unique_ptr<Pipeline::State> state_;
  };

 private:
  std::unique_ptr<Pipeline::State> take();
  void give(std::unique_ptr<Pipeline::State> state) noexcept;

  std::vector<std::unique_ptr<Pipeline::State>> free_;  // as many as there are cores, at most
};

// A pipeline and its scratch, for all who annotate with it.
struct SharedPipeline {
  Pipeline pipeline;
  StatePool pool;
};

}  // namespace treelet
