// The two kinds of string column of a document: labels from a small closed set, and free strings.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace treelet {

using Label = int32_t;
constexpr Label kMissing = -1;  // "not annotated", in every column

// Strings numbered in the order they were added. Shared by all documents of a pipeline, never changed once shared.
class LabelSet {
 public:
  LabelSet() = default;
  explicit LabelSet(const std::vector<std::string>& names) {
    for (const auto& name : names) add(name);
  }
  Label add(std::string_view name);
  Label find(std::string_view name) const;  // kMissing when absent
  const std::string& name(Label label) const { return names_[size_t(label)]; }
  const std::vector<std::string>& names() const { return names_; }
  Label size() const { return Label(names_.size()); }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, Label> index_;
};

// One label a word. `ids` is empty while nothing in the column is annotated.
class LabelColumn {
 public:
  std::shared_ptr<const LabelSet> labels;
  std::vector<Label> ids;

  bool empty() const { return ids.empty(); }
  Label id(size_t word) const { return ids.empty() ? kMissing : ids[word]; }
  // Empty when missing; an annotated empty string (FEATS of most words) is a label of its own: see is_set.
  std::string_view get(size_t word) const;
  bool is_set(size_t word) const { return id(word) != kMissing; }
  // Adds the label to a set of the document's own when it is new.
  void set(size_t word, size_t n_words, std::string_view label);
  void clear(size_t word) {
    if (!ids.empty()) ids[word] = kMissing;
  }
  // All words at once, from a shared set: what annotators do.
  void assign(std::shared_ptr<const LabelSet> set, std::vector<Label> values) {
    labels = std::move(set);
    ids = std::move(values);
  }
  // One more word at the end of the document, without a label; costs nothing while no word has one.
  void append() {
    if (!ids.empty()) ids.push_back(kMissing);
  }

 private:
  std::shared_ptr<LabelSet> own_labels_;  // == labels while the set is this document's own and may grow
};

// One string a word, in a single buffer.
class StringColumn {
 public:
  bool empty() const { return begin_.empty(); }
  bool is_set(size_t word) const { return !begin_.empty() && length_[word] >= 0; }
  std::string_view get(size_t word) const;
  void set(size_t word, size_t n_words, std::string_view value);
  void clear(size_t word) {
    if (!begin_.empty()) length_[word] = -1;
  }
  // Gives back memory held for strings to come.
  void fit() {
    bytes_.shrink_to_fit();
    begin_.shrink_to_fit(), length_.shrink_to_fit();
  }
  // One more word at the end of the document, which then has `n_words`; costs nothing while no word is set.
  void append(bool is_set, std::string_view value, size_t n_words);

 private:
  std::string bytes_;
  std::vector<int32_t> begin_, length_;  // bytes; length −1 = missing
};

}  // namespace treelet
