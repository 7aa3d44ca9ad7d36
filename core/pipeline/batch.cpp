#include "pipeline/batch.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

namespace treelet {

std::unique_ptr<Pipeline::State> StatePool::take() {
  {
    const std::lock_guard guard(lock_);
    if (!free_.empty()) {
      auto state = std::move(free_.back());
      free_.pop_back();
      return state;
    }
  }
  return std::make_unique<Pipeline::State>();
}

void StatePool::give(std::unique_ptr<Pipeline::State> state) noexcept {
  const std::lock_guard guard(lock_);
  try {
    free_.push_back(std::move(state));
  } catch (const std::bad_alloc&) {
    // Scratch that cannot be kept is dropped.
  }
}

std::vector<Doc> annotate_all(const Pipeline& pipeline, const std::vector<std::string>& texts, StatePool& pool,
                              size_t n_threads, const Enabled& enabled) {
  std::vector<Doc> docs(texts.size());
  std::vector<std::exception_ptr> failures(texts.size());
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  const auto work = [&] {
    size_t i = texts.size();
    try {
      StatePool::Lease lease(pool);
      while (!failed && (i = next.fetch_add(1)) < texts.size()) {
        pipeline.tokenize(texts[i], lease.state(), docs[i]);
        pipeline.annotate(docs[i], lease.state(), enabled);
      }
    } catch (...) {
      failed = true;
      failures[std::min(i, texts.size() - 1)] = std::current_exception();
    }
  };
  if (texts.empty()) return docs;
  std::vector<std::thread> threads;
  try {
    for (size_t t = 1; t < std::min(n_threads, texts.size()); ++t) threads.emplace_back(work);
  } catch (const std::system_error&) {
    // Fewer threads than wished for do the same work.
  }
  work();
  for (auto& thread : threads) thread.join();
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
  return docs;
}

}  // namespace treelet
