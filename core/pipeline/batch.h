// Many texts at once, on several threads; documents come out in the order of the texts.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/pipeline.h"

namespace treelet {

// Scratch that waits for its next user, so that caches stay warm between calls.
class StatePool {
 public:
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

  std::mutex lock_;
  std::vector<std::unique_ptr<Pipeline::State>> free_;
};

// Throws what the first failing text threw, once all threads have ended.
std::vector<Doc> annotate_all(const Pipeline& pipeline, const std::vector<std::string>& texts, StatePool& pool,
                              size_t n_threads, const Enabled& enabled);

}  // namespace treelet
