#include "annotators/rollout.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace treelet {

float Dice::roll() {
  uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return float((z ^ (z >> 31)) >> 40) * 0x1p-24f;
}

void walk_documents(const RolloutPlan& plan, const std::function<WalkNumbered()>& make_walker) {
  const size_t n_documents = plan.begin.size() - 1;
  std::atomic<size_t> next{0};
  std::mutex lock;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      const WalkNumbered walk = make_walker();
      for (size_t d = next++; d < n_documents; d = next++) {
        Dice dice(plan.seed * 0xD1342543DE82EF95ull + d * 0xAF251AF3B0F025B5ull);
        walk(d, dice);
      }
    } catch (...) {
      const std::lock_guard guard(lock);
      if (!failure) failure = std::current_exception();
      next = n_documents;
    }
  };
  std::vector<std::thread> threads;
  const auto n_threads = size_t(std::clamp(plan.n_threads, 1, 256));
  for (size_t t = 1; t < std::min(n_threads, n_documents); ++t) threads.emplace_back(work);
  work();
  for (auto& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
}

RolloutStates roll_documents(const RolloutPlan& plan, const std::function<WalkDocument()>& make_walker) {
  std::vector<RolloutStates> parts(plan.begin.size() - 1);
  walk_documents(plan, [&]() -> WalkNumbered {
    return [&, walk = make_walker()](size_t document, Dice& dice) { walk(document, dice, parts[document]); };
  });

  RolloutStates all;
  const auto join = [&](auto member) {
    size_t size = 0;
    for (const auto& part : parts) size += (part.*member).size();
    (all.*member).reserve(size);
    for (auto& part : parts) {
      (all.*member).insert((all.*member).end(), (part.*member).begin(), (part.*member).end());
      (part.*member) = {};
    }
  };
  join(&RolloutStates::positions);
  join(&RolloutStates::valid);
  join(&RolloutStates::gold);
  return all;
}

}  // namespace treelet
