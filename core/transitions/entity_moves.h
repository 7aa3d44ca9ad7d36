// BILUO entity recognition: one action a word, legal sequences only.
//
//   action    allowed when                                                              effect
//   Out       no open entity; the word need not be in one                               -
//   Begin-l   no open entity; it may go on to the next word as l                        opens an entity
//   Inside-l  an entity with label l is open; it may go on to the next word             -
//   Last-l    an entity with label l is open; it need not go on                         closes it
//   Unit-l    no open entity; the word may be in one with label l; it need not go on    one of one word
//
// No entity begins at a blank word (white space alone) that is free; there, only Out is allowed while nothing is
// open.
// An entity may go on as l when there is a next word that starts no known sentence and whose preset is
// inside, or free after a free word, of no other label: a given entity ends with its last given word. It must
// go on when the next word's preset is inside. Some action is always allowed, because presets are put right first (EntityState::reset).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "doc/doc.h"
#include "transitions/parse_state.h"

namespace treelet {

// Borrowed columns of n words: what is already decided. Null pointers: nothing is.
struct EntityPresets {
  const Iob* iob = nullptr;         // Iob::missing = free
  const int32_t* labels = nullptr;  // of begin and inside: index into EntityMoves::labels(), kNone = any
  const SentStart* starts = nullptr;
  const uint8_t* blank = nullptr;  // 1: the word is white space
};

struct EntityState {
  int32_t n_words = 0;
  int32_t next = 0;            // the word to decide
  int32_t open_first = kNone;  // first word of the open entity
  int32_t open_label = kNone;
  int32_t closed_first = kNone, closed_last = kNone;  // the entity finished last
  std::vector<Iob> iob;                               // decided words
  std::vector<int32_t> label;                         // kNone outside
  std::vector<Iob> preset;
  std::vector<int32_t> required;  // label that the word's entity must have, kNone = any
  std::vector<uint8_t> no_cross;  // a sentence starts here
  std::vector<uint8_t> blank;     // empty where no word is
  bool free = true;               // no word has a preset

  // An inside that continues nothing (at a sentence start, after outside, after another label, after a free
  // blank word) becomes a begin; a label given anywhere in an entity holds for all its words.
  void reset(int32_t n_words, const EntityPresets& presets);
  bool is_final() const { return next == n_words; }
  bool may_go_on(int32_t label) const;
  bool may_not_begin() const {
    return !blank.empty() && blank[size_t(next)] && preset[size_t(next)] == Iob::missing;
  }
  bool must_go_on() const { return next + 1 < n_words && preset[size_t(next) + 1] == Iob::inside; }

  // For search, as in ParseState.
  void copy_from(const EntityState& other, int32_t first);
  bool same_future(const EntityState& other) const;
  int32_t first_difference(const EntityState& other, int32_t first, int32_t last) const;
};

enum class EntityMove : uint8_t { out, begin, inside, last, unit };

class EntityMoves {
 public:
  // Actions are Out, then Begin-l, Inside-l, Last-l, Unit-l for each label. Throws Error(settings): a label
  // empty or twice.
  explicit EntityMoves(const std::vector<std::string>& labels);
  const std::vector<std::string>& labels() const { return labels_; }
  int32_t n_actions() const { return 1 + 4 * int32_t(labels_.size()); }
  std::vector<std::string> action_names() const;
  static EntityMove move(int32_t action) {
    return action == 0 ? EntityMove::out : EntityMove((action - 1) % 4 + 1);
  }
  static int32_t label(int32_t action) { return action == 0 ? kNone : (action - 1) / 4; }
  static int32_t action(EntityMove move, int32_t label) {
    return move == EntityMove::out ? 0 : 4 * label + int32_t(move);
  }

  void mark_valid(const EntityState& state,
                  uint8_t* valid) const;  // (n_actions): 1 where allowed; none in a final state
  void apply(int32_t action, EntityState& state) const;  // must be allowed

 private:
  std::vector<std::string> labels_;
};

// Allowed action with the highest score, the lowest index among equals; kNone when none is allowed.
int32_t best_of(const uint8_t* allowed, const float* scores, int32_t n_actions);

}  // namespace treelet
