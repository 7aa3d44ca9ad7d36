#include "transitions/state_features.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "transitions/entity_moves.h"

namespace treelet {

namespace {

using Names = std::vector<std::string>;
using Sets = std::map<std::string, Names>;

Names all_parse_names() {
  Names names = {"B0", "B1", "S0", "S1", "S2"};
  for (const char* word : {"S0", "S1", "S2"}) {
    for (const char* child : {".left1", ".left2", ".right1", ".right2"})
      names.push_back(std::string(word) + child);
  }
  for (const char* name : {"B0.left1", "B0.left2", "B1.left1", "B1.left2"}) names.push_back(name);
  return names;
}

const Sets& parse_sets() {
  static const Sets sets = {{"8", {"B0", "B1", "S0", "S1", "S2", "B0.left1", "S0.left1", "S0.right1"}},
                            {"13",
                             {"B0", "B1", "S0", "S1", "S2", "B0.left1", "S0.left1", "S0.right1", "B0.left2",
                              "S0.left2", "S0.right2", "S1.left1", "S1.right1"}},
                            {"all", all_parse_names()}};
  return sets;
}

const Sets& entity_sets() {
  static const Sets sets = {{"3", {"B0", "E0", "B-1"}},
                            {"6", {"B0", "B1", "B-1", "E0", "E-1", "L0"}},
                            {"all", {"B0", "B1", "B2", "B3", "B-1", "B-2", "E0", "E1", "E2", "E-1", "L0", "L-1"}}};
  return sets;
}

std::string joined(const Names& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// Sets replaced by their names; every name known and used once.
Names expand(const Names& names, const Sets& sets, const char* system) {
  Names expanded;
  for (const auto& name : names) {
    const auto set = sets.find(name);
    if (set == sets.end()) expanded.push_back(name);
    else expanded.insert(expanded.end(), set->second.begin(), set->second.end());
  }
  const Names& known = sets.at("all");
  const std::string where = std::string(system) + ".features: ";
  for (size_t i = 0; i < expanded.size(); ++i) {
    const auto& name = expanded[i];
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      Names set_names;
      for (const auto& [set_name, unused] : sets) set_names.push_back(set_name);
      throw Error(ErrorKind::settings, where + "found '" + name + "', expected a set (" + joined(set_names) +
                                           ") or positions out of " + joined(known));
    }
    if (std::find(expanded.begin(), expanded.begin() + int64_t(i), name) != expanded.begin() + int64_t(i)) {
      throw Error(ErrorKind::settings,
                  where + "'" + name + "' stands there twice, expected each position once");
    }
  }
  if (expanded.empty())
    throw Error(ErrorKind::settings, where + "found none, expected one or more of " + joined(known));
  return expanded;
}

}  // namespace

ParseFeatures::ParseFeatures(const Names& names) : names_(expand(names, parse_sets(), "parser")) {
  for (const auto& name : names_) {
    const bool child = name.size() > 2;
    positions_.push_back({name[0] == 'S', child && name[3] == 'r', uint8_t(name[1] - '0'),
                          uint8_t(child ? name.back() - '0' : 0)});
  }
}

void ParseFeatures::extract(const ParseState& state, int32_t* words) const {
  for (size_t f = 0; f < positions_.size(); ++f) {
    const Position& at = positions_[f];
    const int32_t word = at.on_stack ? state.stack_word(at.depth) : state.buffer_word(at.depth);
    if (at.rank == 0) words[f] = word;
    else words[f] = at.right ? state.right_child(word, at.rank) : state.left_child(word, at.rank);
  }
}

EntityFeatures::EntityFeatures(const Names& names) : names_(expand(names, entity_sets(), "ner")) {
  const Names& all = entity_sets().at("all");
  for (const auto& name : names_) {
    positions_.push_back(uint8_t(std::find(all.begin(), all.end(), name) - all.begin()));
  }
}

void EntityFeatures::extract(const EntityState& state, int32_t* words) const {
  const auto inside = [&](int32_t word) { return word >= 0 && word < state.n_words ? word : kNone; };
  const int32_t b0 = state.next, first = state.open_first;
  const auto opened = [&](int32_t n) { return first != kNone && first + n < b0 ? first + n : kNone; };
  const int32_t all[] = {b0,
                         inside(b0 + 1),
                         inside(b0 + 2),
                         inside(b0 + 3),
                         b0 - 1,
                         std::max(b0 - 2, kNone),
                         first,
                         opened(1),
                         opened(2),
                         first == kNone ? kNone : first - 1,
                         state.closed_last,
                         state.closed_first};
  for (size_t f = 0; f < positions_.size(); ++f) words[f] = all[positions_[f]];
}

}  // namespace treelet
