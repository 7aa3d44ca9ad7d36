#include "doc/columns.h"

#include <limits>

#include "base/error.h"

namespace treelet {

Label LabelSet::add(std::string_view name) {
  const auto [entry, added] = index_.try_emplace(std::string(name), size());
  if (added) names_.emplace_back(name);
  return entry->second;
}

Label LabelSet::find(std::string_view name) const {
  const auto entry = index_.find(std::string(name));
  return entry == index_.end() ? kMissing : entry->second;
}

std::string_view LabelColumn::get(size_t word) const {
  return is_set(word) ? std::string_view(labels->name(ids[word])) : std::string_view();
}

void LabelColumn::set(size_t word, size_t n_words, std::string_view label) {
  if (ids.empty()) ids.assign(n_words, kMissing);
  Label found = labels ? labels->find(label) : kMissing;
  if (found == kMissing) {
    if (!own_labels_ || own_labels_ != labels || own_labels_.use_count() > 2) {  // 2: the two members of this column
      own_labels_ = labels ? std::make_shared<LabelSet>(*labels) : std::make_shared<LabelSet>();
      labels = own_labels_;
    }
    found = own_labels_->add(label);
  }
  ids[word] = found;
}

std::string_view StringColumn::get(size_t word) const {
  if (!is_set(word)) return {};
  return std::string_view(bytes_).substr(size_t(begin_[word]), size_t(length_[word]));
}

void StringColumn::set(size_t word, size_t n_words, std::string_view value) {
  if (begin_.empty()) {
    begin_.assign(n_words, 0);
    length_.assign(n_words, -1);
  }
  if (bytes_.size() + value.size() > size_t(std::numeric_limits<int32_t>::max()))
    throw Error(ErrorKind::text, "the strings of one column of a document take at most 2 GiB: split the document");
  begin_[word] = int32_t(bytes_.size());
  length_[word] = int32_t(value.size());
  bytes_ += value;
}

void StringColumn::append(bool is_set, std::string_view value, size_t n_words) {
  if (!begin_.empty()) {
    begin_.push_back(0);
    length_.push_back(-1);
  }
  if (is_set) set(n_words - 1, n_words, value);
}

}  // namespace treelet
