// Dynamic oracle of the arc-eager system (Goldberg and Nivre 2012, 2013): what each action costs in any
// state, right or wrong. For teaching only.
//
// Loss of a finished parse = words with a wrong head + words with the right head and a wrong label + wrong
// sentence starts. An action costs what it adds to the least loss that can still be reached. Missing heads,
// labels and starts cost nothing. Whether an arc (head g, dependent d) can still be made depends on where its
// words are, S or B; a word that is in neither is gone, and so are arcs from it that are not made:
//
//   d in B                g in B or S: yes
//   d in S, no head       g in B: yes; g in S: one repair, as long as d or g can be put back
//   d in S, other head    g in B: one repair; g in S above d and without a head: two repairs
//
// A root is lost with its first head, without repairs also when it goes on S above another word; where a
// missed boundary leaves several gold roots in one sentence, all but one are lost.
//
// With repairs on, a Shift alone almost never loses anything, and would teach nothing. So costs are pairs,
// compared in order: what is lost, then how many repairs the rest needs. A word that is put back for nothing
// needs one more, the Left that replaces the arc it is then bound to take; a headless word whose gold head is
// gone needs one to leave the stack. Counts of gold children by place make every cost O(1), Break's O(stack).
//
// With repairs off, what needs one is lost. One more arc is lost where the gold ancestors of the sentence's
// last word go from B to a word of S at or above the waiting one (the lowest headless word of S but its
// bottom). All those arcs are Rights, so the last word would have to go on S by a Right while the waiting
// word has no head. Giving up the arc from S is enough: its dependent can take all that waits by Left. All other
// arcs that are possible one by one are possible together, since gold is projective: a word of B that takes a
// waiting one passes no gold arc by.
//
// Exactness, by brute force over every state of all projective trees of up to five words, forests of them,
// and either with annotation missing (tests/parity/test_arc_eager_oracle.py): with repairs on, `lost` is exact in
// every state (save 1 action in 2000 where no sentence start is known), and in 1 state in 100 an action is
// gold that needs a repair too many (benchmarks/oracle_errors.py). With repairs off every cost is exact
// (save 1 action in 1000 where no sentence start is known). Without left labels neither holds for gold trees
// with arcs to the left.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "transitions/arc_eager.h"

namespace treelet {

struct Cost {
  int32_t lost = 0, repairs = 0;
  auto operator<=>(const Cost&) const = default;
  Cost operator+(Cost b) const { return {lost + b.lost, repairs + b.repairs}; }
  Cost operator-(Cost b) const { return {lost - b.lost, repairs - b.repairs}; }
};

// Borrowed columns of n words.
struct GoldTree {
  const int32_t* heads = nullptr;     // index of the head, the word itself for a root, kNone when missing
  const int32_t* labels = nullptr;    // index into ArcEager::labels(), kNone when missing; of roots: not read
  const SentStart* starts = nullptr;  // 1, -1, 0 when unknown
};

class ArcEagerOracle {
 public:
  // Keeps a reference to the system.
  explicit ArcEagerOracle(const ArcEager& system) : system_(system) {}
  ArcEagerOracle(const ArcEager& system, const ArcEagerOracle& other);  // other's counts, on an equal system

  // The state must just have been reset. Gold heads outside [0, n) are undefined; arcs across preset starts
  // count as missing.
  void reset(const ParseState& state, const GoldTree& gold);
  // Cost of every allowed action; of others the value is left alone. costs: (n_actions).
  void costs(const ParseState& state, uint8_t moves, Cost* costs) const;
  // 1 for allowed actions of least cost, 0 for all others. gold: (n_actions).
  void mark_gold(const ParseState& state, uint8_t moves, uint8_t* gold) const;
  // Called before the action is applied.
  void observe(int32_t action, const ParseState& state);

 private:
  // What an action changes of the state, and gold roots that may then still be roots from S.
  struct Front {
    int32_t next, limit, waiting, pushed, popped, roots;
  };
  void mark_spines();
  Cost move_cost(Move move, const ParseState& state) const;
  Cost shift_cost(const ParseState& state) const;
  Cost right_cost(const ParseState& state) const;
  Cost left_cost(const ParseState& state) const;
  Cost reduce_cost(const ParseState& state) const;
  Cost break_cost(const ParseState& state) const;
  int32_t held_up(const Front& front, const ParseState& state) const;
  int32_t held_up(const ParseState& state) const;
  int32_t held_up_by_push(bool headless, const ParseState& state) const;
  int32_t held_up_by_pop(const ParseState& state) const;
  bool may_be_root(int32_t word, const ParseState& state) const;
  bool is_gone(int32_t word, const ParseState& state) const;
  Cost dependent_status(int32_t word, const ParseState& state) const;
  int32_t missed_start(const ParseState& state) const;
  int32_t roots_ahead(int32_t from, int32_t limit) const;
  int32_t surplus_roots(const ParseState& state) const;
  // Label of the gold arc that a Left or Right would make now, kNone when the arc is not gold or any label
  // will do.
  int32_t wanted_label(Move move, const ParseState& state) const;

  const ArcEager& system_;
  std::vector<int32_t> head_, label_;  // gold, with what cannot be taught made missing
  std::vector<SentStart> start_;
  std::vector<int32_t> kids_in_buffer_;  // per word: its gold children in B,
  std::vector<int32_t> kids_on_stack_;   //   in S without a head,
  std::vector<int32_t> kids_elsewhere_;  //   in S with another head
  std::vector<int32_t> roots_before_;    // (n + 1)
  std::vector<int32_t> next_boundary_;   // per word: next place after it where a sentence may rightly start
  // Per word, of the gold arcs from the last word of its sentence up to the root: the head of the one that
  // comes from before the word and ends at it or after it.
  std::vector<int32_t> spine_head_;
  int32_t roots_held_ = 0;               // gold roots without a head, in S or put back
};

}  // namespace treelet
