#include "doc/sentences.h"

#include <algorithm>

namespace treelet {

namespace {

bool any_known(const std::vector<SentStart>& starts) {
  return std::any_of(starts.begin(), starts.end(), [](SentStart start) { return start != 0; });
}

bool any_known(const std::vector<int32_t>& heads) {
  return std::any_of(heads.begin(), heads.end(), [](int32_t head) { return head != kMissing; });
}

std::vector<int32_t> starts_from_heads(const std::vector<int32_t>& heads) {
  const size_t n = heads.size();
  std::vector<int32_t> passed(n + 1);  // change of the number of arcs that pass over the start of a word
  for (size_t i = 0; i < n; ++i) {
    if (heads[i] == kMissing) continue;
    ++passed[std::min(i, size_t(heads[i])) + 1];
    --passed[std::max(i, size_t(heads[i])) + 1];
  }
  std::vector<int32_t> starts;
  int32_t covering = 0;
  for (size_t i = 0; i < n; ++i) {
    covering += passed[i];
    if (i == 0 || (covering == 0 && heads[i] != kMissing && heads[i - 1] != kMissing)) starts.push_back(int32_t(i));
  }
  return starts;
}

}  // namespace

bool has_sentences(const Doc& doc) { return any_known(doc.sent_start) || any_known(doc.head); }

std::vector<int32_t> sentence_starts(const Doc& doc) {
  if (!any_known(doc.sent_start) && any_known(doc.head)) return starts_from_heads(doc.head);
  std::vector<int32_t> starts;
  for (size_t i = 0; i < doc.size(); ++i)
    if (i == 0 || (!doc.sent_start.empty() && doc.sent_start[i] == 1)) starts.push_back(int32_t(i));
  return starts;
}

}  // namespace treelet
