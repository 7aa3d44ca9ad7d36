// Arc-eager parsing (Nivre 2003, 2008) with sentence boundaries, one root a sentence, and repairs: which
// actions a state allows and what they do.
//
//   S: the stack, B: what is left of the sentence
//   action   allowed when                                                effect
//   Shift    S empty; or B >= 2 words and B0 is not bound to attach;     B0 to S
//            without repairs and without left labels: S empty
//   Reduce   S0 has a head                                               S0 off S
//            S0 has no head and is alone, B empty                        S0 off S: the root of its sentence
//            S0 has no head, is not alone, repairs are on                S0 back to the front of B, bound
//   Left-l   S, B not empty; S0 has no head, or repairs are on           S0 gets head B0, off S; B0 unbound
//   Right-l  S, B not empty; without repairs: B >= 2 words, or one word  B0 gets head S0, to S
//            of S has no head
//   Break    nothing put back; B1 may start a sentence                   the sentence ends after B0
//
// "Bound to attach" keeps a word that was put back (Nivre and Fernández-González 2014; Honnibal and Johnson
// 2015, section 3) from being shifted onto a stack that is not empty. A repair (Honnibal, Goldberg and
// Johnson 2013) is a Left that replaces a head, or a Reduce that puts back while B is not empty. Without
// repairs nothing is ever put back: the last word of a sentence, reached or made by Break, takes headless
// words by Left until one is left, the bottom of S (a word with a head lies directly on it, so the bottom has
// none). No projective tree of one root is lost by that: where the last word gets its head by a Right, the
// words of S that have none by then but for the root would never get one.
//
// One root: a word leaves for good only with a head, or alone at the end of its sentence. Tree: B0 never has
// a head, so an arc between S0 and B0 closes no cycle. Termination: a word that is put back is pushed again
// only with a head (after which it is never put back), after a Left that took another word away for good, or
// onto an empty stack, where a headless word is not put back; so there are at most 2n words put back, 3n
// pushed, and n Breaks; without repairs none is put back and n are pushed. Some action is always allowed:
// Right while S and B hold words (without repairs, for the last word: Reduce, Left or Right), Shift without S,
// Reduce without B.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "transitions/parse_state.h"

namespace treelet {

enum Move : uint8_t { kShift = 0, kReduce = 1, kBreak = 2, kLeft = 3, kRight = 4 };
constexpr uint8_t move_bit(Move move) { return uint8_t(1u << move); }

class ArcEager {
 public:
  // Actions are Shift, Reduce, Break, Left-l for each left label, Right-l for each right label.
  // Throws Error(settings): no right label, a label twice, empty, or "root".
  ArcEager(const std::vector<std::string>& left_labels, const std::vector<std::string>& right_labels,
           bool non_monotonic);

  bool non_monotonic() const { return non_monotonic_; }
  const std::vector<std::string>& labels() const {
    return labels_;
  }  // left labels, then right labels not among them
  int32_t n_actions() const { return first_right_ + int32_t(right_.size()); }
  int32_t first_left() const { return kLeft; }
  int32_t first_right() const { return first_right_; }
  std::vector<std::string> action_names() const;

  Move move(int32_t action) const {
    return action < kLeft ? Move(action) : action < first_right_ ? kLeft : kRight;
  }
  // Index into labels() of a Left or Right action.
  int32_t label(int32_t action) const {
    return action < first_right_ ? left_[size_t(action - kLeft)] : right_[size_t(action - first_right_)];
  }
  // Action of that move and label, kNone when there is none.
  int32_t action(Move move, int32_t label) const;

  uint8_t valid_moves(const ParseState& state) const;    // a move_bit each; 0 only in a final state
  void mark_valid(uint8_t moves, uint8_t* valid) const;  // (n_actions): 1 where allowed
  int32_t count_valid(uint8_t moves) const;
  int32_t first_valid(uint8_t moves) const;
  // Allowed action with the highest score, the lowest index among equals.
  int32_t best(uint8_t moves, const float* scores) const;
  void apply(int32_t action, ParseState& state) const;  // must be allowed

 private:
  bool non_monotonic_;
  int32_t first_right_;
  std::vector<std::string> labels_;
  std::vector<int32_t> left_, right_;                // action offset -> label
  std::vector<int32_t> left_action_, right_action_;  // label -> action
};

}  // namespace treelet
