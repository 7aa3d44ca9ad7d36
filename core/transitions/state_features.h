// Names of positions in a state -> the words that stand there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "transitions/parse_state.h"

namespace treelet {

struct EntityState;

// Positions of a parse state: "S0" "S1" "S2" on the stack, "B0" "B1" in the buffer, and their children:
// ".left1" is the outermost on the left, ".left2" the next, ".right1" and ".right2" likewise (words of the
// stack only).
class ParseFeatures {
 public:
  // names: positions, or one of the sets "8", "13", "all". Throws Error(settings) for an unknown or repeated
  // name, or none.
  explicit ParseFeatures(const std::vector<std::string>& names);
  const std::vector<std::string>& names() const { return names_; }
  int size() const { return int(names_.size()); }
  // words: (size); kNone where nothing stands.
  void extract(const ParseState& state, int32_t* words) const;

 private:
  struct Position {
    bool on_stack, right;
    uint8_t depth, rank;  // rank 0: the word itself
  };
  std::vector<std::string> names_;
  std::vector<Position> positions_;
};

// Positions of an entity state: "B0" the word to decide, "B-2" to "B3" its neighbours, "E0" to "E2" the first
// words of the open entity and "E-1" the word before it, "L0" and "L-1" the last and first words of the
// entity finished last.
class EntityFeatures {
 public:
  // names: positions, or one of the sets "3", "6", "all". Throws as ParseFeatures does.
  explicit EntityFeatures(const std::vector<std::string>& names);
  const std::vector<std::string>& names() const { return names_; }
  int size() const { return int(names_.size()); }
  void extract(const EntityState& state, int32_t* words) const;

 private:
  std::vector<std::string> names_;
  std::vector<uint8_t> positions_;
};

}  // namespace treelet
