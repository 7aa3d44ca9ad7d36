// Text in; the words of a document, their places and forms out. Constant after construction: scratch is a
// State a thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "doc/doc.h"
#include "text/chunk_cache.h"
#include "text/chunk_splitter.h"

namespace treelet {

class Tokenizer {
 public:
  // Throws Error(package) where the rules contradict themselves.
  explicit Tokenizer(const TokenizerRules& rules) : splitter_(rules) {}

  // Scratch of one thread. The cache never changes a result.
  class State {
   public:
    explicit State(size_t cached_chunks = 1 << 15) : cache_(cached_chunks) {}

   private:
    friend class Tokenizer;
    ChunkCache cache_;
    Window window_;
    Pieces pieces_;
    std::vector<int32_t> starts_, ends_;  // the columns of a document in the making
    std::vector<TokenPart> parts_;
  };

  // Replaces `doc` by the text, which it takes, and its words: text, byte_start, byte_end, part and form, and sent_start = 1
  // for a word after a blank line (0 for others; empty when no blank line stands between words). White space
  // belongs to no word. Throws Error(text) above 2^31 − 1 bytes.
  void tokenize(std::string text, State& state, Doc& doc) const;

  // The surface of each word and the rule that made it, in order.
  std::vector<std::pair<std::string, const char*>> explain(std::string_view text) const;

 private:
  const Piece* split(std::string_view chunk, Following following, State& state, size_t& count,
                     const std::vector<std::string>*& forms) const;
  ChunkSplitter splitter_;
};

}  // namespace treelet
