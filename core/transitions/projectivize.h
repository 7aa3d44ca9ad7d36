// Pseudo-projective transformation (Nivre and Nilsson 2005): trees with crossing arcs to trees without, and
// back.
//
// A crossing arc is lifted to its head's head until it crosses nothing, shortest arcs first; labels remember
// it:
//   head        the lifted word's label becomes "deprel|deprel of its first head"
//   path        the lifted word's label becomes "deprel|"; each arc that it was lifted over gets ">" at its
//   end head+path   both
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace treelet {

enum class LiftScheme { head, path, head_path };
LiftScheme lift_scheme(const std::string& name);  // "head", "path", "head+path"; throws Error(settings)

struct LabelledTree {
  std::vector<int32_t> heads;  // index of the head, the word itself for a root, -1 when missing
  std::vector<std::string> deprels;
};

// Throws Error(format): lengths differ, a head out of range, a cycle, or a deprel that holds '|' or '>'.
LabelledTree projectivize(const LabelledTree& tree, LiftScheme scheme);
// Undoes it as far as the labels tell: from its present head, the lifted word looks breadth-first, left to
// right, for the word that its label and the marks describe, and stays where none is found. Strips all
// decorations. Throws as above, but for the labels.
LabelledTree deprojectivize(const LabelledTree& tree, LiftScheme scheme);
// Words whose arc has a word below it that does not descend from the arc's head.
std::vector<int32_t> nonprojective_words(const std::vector<int32_t>& heads);

// A label as projectivize writes it.
bool is_decorated(const std::string& deprel);
std::string undecorated(const std::string& deprel);

}  // namespace treelet
