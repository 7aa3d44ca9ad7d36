// Exact dynamic oracle of the BILUO system: what each action costs in any state, right or wrong. For teaching
// only.
//
// Gold entities are the runs begin inside* of one label; an inside that continues nothing counts as a begin.
// A gold label that is missing matches every label that is not known to be wrong there. Loss = gold entities
// that were not predicted exactly + predicted entities that are not gold and hold an annotated word or are
// known to be wrong. Any other predicted entity on words without annotation costs nothing. Gold entities that
// cross a known sentence start cannot be predicted; their words count as not annotated.
//
// An open entity is "on track" while a gold entity of its first word and label is not yet past its last word.
// Off track it is best closed at once: it loses itself (when it holds an annotated word) and the gold entity
// that begins at the word to decide. Only where closing it now would make a known-wrong entity of words
// without annotation may it do better to go on, to an end that is not known to be wrong.
#pragma once

#include <cstdint>
#include <vector>

#include "transitions/entity_moves.h"

namespace treelet {

// Words known not to be an entity with that label: kNone, with none at all.
struct WrongEntity {
  int32_t first, last, label;
};

// Borrowed columns of n words.
struct GoldEntities {
  const Iob* iob = nullptr;
  const int32_t* labels = nullptr;    // index into EntityMoves::labels(), kNone when missing or outside
  const SentStart* starts = nullptr;  // null: unknown
  const WrongEntity* wrong = nullptr;
  size_t n_wrong = 0;
};

class EntityOracle {
 public:
  // Keeps a reference to the system.
  explicit EntityOracle(const EntityMoves& system) : system_(system) {}
  EntityOracle(const EntityMoves& system, const EntityOracle& other)
      : system_(system),
        n_words_(other.n_words_),
        last_(other.last_),
        label_(other.label_),
        annotated_before_(other.annotated_before_),
        wrong_(other.wrong_),
        no_cross_(other.no_cross_) {}
  // Throws Error(training) where a gold entity is known to be wrong, or with every label it could have.
  void reset(int32_t n_words, const GoldEntities& gold);
  // Cost of every action, as if all were allowed that the open entity allows. costs: (n_actions).
  void costs(const EntityState& state, int32_t* costs) const;
  // 1 for allowed actions of least cost, 0 for all others. valid, gold: (n_actions).
  void mark_gold(const EntityState& state, const uint8_t* valid, uint8_t* gold) const;

 private:
  int32_t action_cost(EntityMove move, int32_t label, const EntityState& state) const;
  bool begins(int32_t word) const { return word < n_words_ && last_[size_t(word)] != kNone; }
  bool matches(int32_t first, int32_t label) const;
  bool annotated(int32_t first,
                 int32_t last) const;  // at least one word of first … last, last cut at the end
  bool is_wrong(int32_t first, int32_t last, int32_t label) const;
  // Loss of an entity that is not gold.
  int32_t spurious(int32_t first, int32_t last, int32_t label) const;
  int32_t off_track(int32_t first, int32_t next, int32_t label) const;
  void check_consistent() const;

  const EntityMoves& system_;
  int32_t n_words_ = 0;
  std::vector<int32_t> last_;   // last word of the gold entity that begins here, kNone when none does
  std::vector<int32_t> label_;  // its label
  std::vector<int32_t> annotated_before_;  // (n + 1)
  std::vector<WrongEntity> wrong_;         // by first word
  std::vector<uint8_t> no_cross_;          // a sentence starts here; empty where nothing is known to be wrong
};

}  // namespace treelet
