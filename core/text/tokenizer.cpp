#include "text/tokenizer.h"

#include <array>
#include <limits>

#include "base/error.h"
#include "base/unicode.h"
#include "base/utf8.h"

namespace treelet {

namespace {

constexpr size_t kKeptWords = size_t(1) << 16;  // of scratch, between documents

// What a byte says of white space: 0 it starts none, 1 it is one, 2 the code point must be decoded.
constexpr std::array<uint8_t, 256> kSpaceBytes = [] {
  std::array<uint8_t, 256> table{};
  for (int c : {9, 10, 11, 12, 13, 28, 29, 30, 31, 32}) table[size_t(c)] = 1;
  for (int c : {0xC2, 0xE1, 0xE2, 0xE3}) table[size_t(c)] = 2;
  return table;
}();

// Bytes of the white-space character at `i`, or 0.
inline size_t space_at(std::string_view text, size_t i) {
  const uint8_t kind = kSpaceBytes[uint8_t(text[i])];
  if (kind < 2) return kind;
  const CodePoint c = decode_utf8(text, i);
  return c.bytes > 1 && is_space(c.value) ? size_t(c.bytes) : 0;
}

// White space from `begin` on: its end, and whether it holds a blank line.
struct Gap {
  size_t end;
  bool blank_line;
};

inline Gap read_gap(std::string_view text, size_t begin) {
  size_t i = begin, feeds = 0, returns = 0;
  while (i < text.size()) {
    const size_t bytes = space_at(text, i);
    if (!bytes) break;
    feeds += text[i] == '\n';
    returns += text[i] == '\r';
    i += bytes;
  }
  return {i, feeds > 1 || returns > 1};
}

Following following_of(std::string_view text, size_t chunk_end) {
  const Gap gap = read_gap(text, chunk_end);
  if (gap.blank_line || gap.end == text.size()) return Following::paragraph_end;
  const char32_t c = decode_utf8(text, gap.end).value;
  return is_upper(c) ? Following::upper : is_digit(c) ? Following::digit : Following::lower_or_other;
}

}  // namespace

const Piece* Tokenizer::split(std::string_view chunk, Following following, State& state, size_t& count,
                              const std::vector<std::string>*& forms) const {
  const bool cached = chunk.size() <= ChunkCache::kMaxChunk;
  const uint64_t hash = cached ? ChunkCache::hash_of(chunk, following) : 0;
  if (const auto* entry = cached ? state.cache_.find(hash, chunk) : nullptr) {
    count = entry->count;
    forms = &state.cache_.forms();
    return state.cache_.pieces(*entry);
  }
  state.pieces_.clear();
  splitter_.split(chunk, following, state.window_, state.pieces_);
  if (cached) state.cache_.add(hash, chunk, state.pieces_);
  count = state.pieces_.pieces.size();
  forms = &state.pieces_.forms;
  return state.pieces_.pieces.data();
}

void Tokenizer::tokenize(std::string own_text, State& state, Doc& doc) const {
  const std::string_view text = own_text;
  if (text.size() > size_t(std::numeric_limits<int32_t>::max()))
    throw Error(ErrorKind::text, "a text of " + std::to_string(text.size()) +
                                     " bytes: a document holds at most 2 GiB, split it into several");
  doc = Doc();
  std::vector<int32_t>&starts = state.starts_, &ends = state.ends_;
  std::vector<TokenPart>& parts = state.parts_;
  starts.clear(), ends.clear(), parts.clear();
  for (size_t i = 0; i < text.size();) {
    const Gap gap = read_gap(text, i);
    if (gap.end == text.size()) break;
    if (gap.blank_line && !starts.empty()) {
      doc.sent_start.resize(starts.size(), 0);
      doc.sent_start.push_back(1);
    }
    size_t end = gap.end + 1;
    while (end < text.size() && !space_at(text, end)) ++end;
    // Only a period's meaning depends on what comes next.
    const Following following = text[end - 1] == '.' ? following_of(text, end) : Following::lower_or_other;
    size_t count = 0;
    const std::vector<std::string>* forms = nullptr;
    const Piece* pieces = split(text.substr(gap.end, end - gap.end), following, state, count, forms);
    for (size_t k = 0; k < count; ++k) {
      const Piece& piece = pieces[k];
      starts.push_back(int32_t(gap.end + piece.begin));
      ends.push_back(int32_t(gap.end + piece.end));
      parts.push_back(piece.part);
      doc.form.append(piece.form >= 0,
                      piece.form >= 0 ? std::string_view((*forms)[size_t(piece.form)]) : std::string_view(),
                      starts.size());
    }
    i = end;
  }
  // Copied, so that the columns are exactly as long as they must be.
  doc.byte_start = starts, doc.byte_end = ends, doc.part = parts;
  if (!doc.sent_start.empty()) doc.sent_start.resize(doc.size(), 0);
  doc.text = std::move(own_text);
  if (starts.capacity() > kKeptWords) starts = {}, ends = {}, parts = {};
}

std::vector<std::pair<std::string, const char*>> Tokenizer::explain(std::string_view text) const {
  State state(0);
  std::vector<std::pair<std::string, const char*>> out;
  for (size_t i = read_gap(text, 0).end; i < text.size(); i = read_gap(text, i).end) {
    size_t end = i + 1;
    while (end < text.size() && !space_at(text, end)) ++end;
    const std::string_view chunk = text.substr(i, end - i);
    state.pieces_.clear();
    splitter_.split(chunk, following_of(text, end), state.window_, state.pieces_);
    for (const Piece& piece : state.pieces_.pieces)
      out.emplace_back(chunk.substr(piece.begin, piece.end - piece.begin), rule_name(piece.rule));
    i = end;
  }
  return out;
}

}  // namespace treelet
