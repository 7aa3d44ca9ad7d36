#include "pipeline/state_pool.h"

#include <algorithm>
#include <mutex>
#include <thread>

#ifndef _WIN32
#include <pthread.h>
#endif

namespace treelet {

namespace {

// One for all pools, held for an instant: a fork waits for it, so that no child is born with a pool half changed and a
// lock whose holder is not there.
std::mutex pools_lock;

void hold_during_forks() {
#ifndef _WIN32
  static const int registered =
      pthread_atfork([] { pools_lock.lock(); }, [] { pools_lock.unlock(); }, [] { pools_lock.unlock(); });
  static_cast<void>(registered);
#endif
}

const size_t kMostKept = std::max(1u, std::thread::hardware_concurrency());

}  // namespace

StatePool::StatePool() {
  hold_during_forks();
  free_.reserve(kMostKept);
}

std::unique_ptr<Pipeline::State> StatePool::take() {
  {
    const std::lock_guard guard(pools_lock);
    if (!free_.empty()) {
      auto state = std::move(free_.back());
      free_.pop_back();
      return state;
    }
  }
  return std::make_unique<Pipeline::State>();
}

void StatePool::give(std::unique_ptr<Pipeline::State> state) noexcept {
  const std::lock_guard guard(pools_lock);
  if (free_.size() < kMostKept) free_.push_back(std::move(state));  // there is room: nothing is thrown
}

}  // namespace treelet
