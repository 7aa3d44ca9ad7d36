// What the parser's and the recognizer's rollouts share: what goes in, what comes out, and the documents
// spread over threads.
//
// A rollout walks each document with the present scores and keeps every state in which there was a choice.
// For teaching only.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace treelet {

// How to walk. At each state, with probability `exploration`, the walk follows the best-scoring allowed
// action, and else the best-scoring one of least cost.
struct RolloutPlan {
  std::vector<int64_t>
      begin;  // (documents + 1) word at which each document begins; the last is the number of all words
  float exploration = 1.0f;
  uint64_t seed = 0;
  int n_threads = 1;  // the result does not depend on it
};

// States in the order of the documents and of the walk.
struct RolloutStates {
  std::vector<int32_t> positions;  // (states, features): words of the whole batch, -1 where nothing stands
  std::vector<uint8_t> valid;      // (states, actions)
  std::vector<uint8_t> gold;       // (states, actions): allowed actions of least cost
};

// Uniform numbers in [0, 1), the same on every platform (splitmix64; Steele, Lea and Flood 2014).
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  float roll();

 private:
  uint64_t state_;
};

// Walks the document of that number.
using WalkNumbered = std::function<void(size_t document, Dice& dice)>;

// Every document once, spread over the plan's threads. make_walker is called once a thread, so that a walker
// can hold its scratch. Rethrows the first exception of a walker.
void walk_documents(const RolloutPlan& plan, const std::function<WalkNumbered()>& make_walker);

// Walks one document into the states it is given.
using WalkDocument = std::function<void(size_t document, Dice& dice, RolloutStates& states)>;

// As walk_documents, and the states of all documents in order.
RolloutStates roll_documents(const RolloutPlan& plan, const std::function<WalkDocument()>& make_walker);

}  // namespace treelet
