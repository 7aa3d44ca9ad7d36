#include "transitions/projectivize.h"

#include <algorithm>
#include <queue>

#include "base/error.h"

namespace treelet {

namespace {

constexpr char kLifted = '|', kPassed = '>';
using Children = std::vector<std::vector<int32_t>>;

void check_tree(const LabelledTree& tree) {
  const auto n = int64_t(tree.heads.size());
  if (tree.deprels.size() != tree.heads.size()) {
    throw Error(ErrorKind::format, "deprels: found " + std::to_string(tree.deprels.size()) +
                                       ", expected one a head, " + std::to_string(n));
  }
  std::vector<int32_t> seen(size_t(n), 0);  // number of the walk that came by, from 1
  for (int64_t start = 0; start < n; ++start) {
    int64_t word = start;
    while (seen[size_t(word)] == 0) {
      seen[size_t(word)] = int32_t(start) + 1;
      const int32_t head = tree.heads[size_t(word)];
      if (head < -1 || head >= n) {
        throw Error(ErrorKind::format, "heads[" + std::to_string(word) + "]: found " + std::to_string(head) +
                                           ", expected -1 or a word below " + std::to_string(n));
      }
      if (head == -1 || head == word) break;
      word = head;
      if (seen[size_t(word)] == int32_t(start) + 1) {
        throw Error(ErrorKind::format,
                    "heads: word " + std::to_string(word) + " is part of a cycle, expected a tree");
      }
    }
  }
}

bool has_arc(const std::vector<int32_t>& heads, int32_t word) {
  return heads[size_t(word)] >= 0 && heads[size_t(word)] != word;
}

// Every word below the arc must reach the arc's head without leaving the space between.
bool crosses(const std::vector<int32_t>& heads, int32_t word) {
  const int32_t head = heads[size_t(word)];
  const int32_t low = std::min(word, head), high = std::max(word, head);
  for (int32_t between = low + 1; between < high; ++between) {
    int32_t up = between;
    while (up > low && up < high && has_arc(heads, up)) up = heads[size_t(up)];
    if (up != word && up != head) return true;
  }
  return false;
}

Children children_of(const std::vector<int32_t>& heads) {
  Children children(heads.size());
  for (int32_t d = 0; d < int32_t(heads.size()); ++d) {
    if (has_arc(heads, d)) children[size_t(heads[size_t(d)])].push_back(d);
  }
  return children;
}

std::string head_part(const std::string& deprel) {
  const size_t at = deprel.find(kLifted);
  if (at == std::string::npos) return {};
  return deprel.substr(at + 1, deprel.size() - at - 1 - (deprel.back() == kPassed));
}

bool is_passed(const std::string& deprel) { return !deprel.empty() && deprel.back() == kPassed; }
bool is_lifted(const std::string& deprel) { return deprel.find(kLifted) != std::string::npos; }

// The word that `word` was lifted from, or its present head.
int32_t first_head(const LabelledTree& tree, const Children& children, int32_t word, LiftScheme scheme) {
  const std::string& deprel = tree.deprels[size_t(word)];
  const std::string wanted = head_part(deprel);
  const bool paths = scheme != LiftScheme::head;
  std::queue<int32_t> open;
  open.push(tree.heads[size_t(word)]);
  while (!open.empty()) {
    const int32_t at = open.front();
    open.pop();
    bool path_ends = true;
    for (const int32_t child : children[size_t(at)]) {
      if (child == word || (paths && !is_passed(tree.deprels[size_t(child)]))) continue;
      path_ends = false;
      open.push(child);
    }
    if (at == tree.heads[size_t(word)]) continue;
    if (scheme == LiftScheme::path ? path_ends : undecorated(tree.deprels[size_t(at)]) == wanted) return at;
  }
  return tree.heads[size_t(word)];
}

void move_child(Children& children, int32_t word, int32_t from, int32_t to) {
  auto& old = children[size_t(from)];
  old.erase(std::find(old.begin(), old.end(), word));
  auto& now = children[size_t(to)];
  now.insert(std::lower_bound(now.begin(), now.end(), word), word);
}

}  // namespace

LiftScheme lift_scheme(const std::string& name) {
  if (name == "head") return LiftScheme::head;
  if (name == "path") return LiftScheme::path;
  if (name == "head+path") return LiftScheme::head_path;
  throw Error(ErrorKind::settings, "scheme: found '" + name + "', expected 'head', 'path' or 'head+path'");
}

bool is_decorated(const std::string& deprel) { return is_lifted(deprel) || is_passed(deprel); }

std::string undecorated(const std::string& deprel) {
  return deprel.substr(0, std::min(deprel.find(kLifted), deprel.find(kPassed)));
}

std::vector<int32_t> nonprojective_words(const std::vector<int32_t>& heads) {
  std::vector<int32_t> words;
  for (int32_t d = 0; d < int32_t(heads.size()); ++d) {
    if (has_arc(heads, d) && crosses(heads, d)) words.push_back(d);
  }
  return words;
}

LabelledTree projectivize(const LabelledTree& tree, LiftScheme scheme) {
  check_tree(tree);
  for (size_t i = 0; i < tree.deprels.size(); ++i) {
    if (!is_decorated(tree.deprels[i])) continue;
    throw Error(ErrorKind::format, "deprels[" + std::to_string(i) + "]: found '" + tree.deprels[i] +
                                       "', expected a label without '|' and '>'; rename it");
  }
  LabelledTree out = tree;
  auto& heads = out.heads;
  auto children = children_of(heads);
  std::vector<uint8_t> lifted(heads.size(), 0), passed(heads.size(), 0);
  std::priority_queue<std::pair<int32_t, int32_t>, std::vector<std::pair<int32_t, int32_t>>, std::greater<>>
      open;
  const auto look_at = [&](int32_t word) {
    if (crosses(heads, word)) open.push({std::abs(heads[size_t(word)] - word), word});
  };
  for (int32_t d = 0; d < int32_t(heads.size()); ++d) {
    if (has_arc(heads, d)) look_at(d);
  }
  while (!open.empty()) {
    const auto [length, word] = open.top();
    open.pop();
    const int32_t head = heads[size_t(word)];
    // Stale entry, or a head that has none itself: nowhere to lift to.
    if (length != std::abs(head - word) || !has_arc(heads, head) || !crosses(heads, word)) continue;
    heads[size_t(word)] = heads[size_t(head)];
    move_child(children, word, head, heads[size_t(head)]);
    lifted[size_t(word)] = passed[size_t(head)] = 1;
    look_at(word);
    for (const int32_t child : children[size_t(head)])
      look_at(child);  // they may now cover the words that left
  }
  for (size_t d = 0; d < heads.size(); ++d) {
    auto& deprel = out.deprels[d];
    if (lifted[d]) {
      deprel += kLifted;
      if (scheme != LiftScheme::path) deprel += tree.deprels[size_t(tree.heads[d])];
    }
    if (passed[d] && scheme != LiftScheme::head) deprel += kPassed;
  }
  return out;
}

LabelledTree deprojectivize(const LabelledTree& tree, LiftScheme scheme) {
  check_tree(tree);
  LabelledTree out = tree;
  auto children = children_of(out.heads);
  for (int32_t d = 0; d < int32_t(tree.heads.size()); ++d) {
    if (!is_lifted(tree.deprels[size_t(d)]) || !has_arc(out.heads, d)) continue;
    const int32_t found = first_head(out, children, d, scheme);
    if (found == out.heads[size_t(d)]) continue;
    move_child(children, d, out.heads[size_t(d)], found);
    out.heads[size_t(d)] = found;
  }
  for (auto& deprel : out.deprels) deprel = undecorated(deprel);
  return out;
}

}  // namespace treelet
