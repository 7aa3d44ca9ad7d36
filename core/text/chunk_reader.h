// The pass of ChunkSplitter over one window of a chunk. Included by core/text/chunk_*.cpp alone.
#pragma once

#include "text/chunk_splitter.h"

namespace treelet {

class ChunkSplitter::Reader {
 public:
  Reader(const ChunkSplitter& rules, const Window& window, Pieces& out, uint32_t offset)
      : rules_(rules), w_(window), out_(out), offset_(offset) {}

  // Returns the bytes read: all, or up to a token border near the end where the chunk goes on behind the
  // window.
  size_t read(bool is_last);

 private:
  // Each takes the token that starts at `at_` and moves `at_` behind it, or returns false.
  bool read_emoticon();
  bool read_exception();
  bool read_word();
  bool read_address();
  bool read_domain_or_file();
  bool read_name();
  bool read_number();
  bool read_elision();
  bool read_dangling_front();

  bool take(size_t end, Rule rule);  // false when end == at_
  void emit(size_t from, size_t to, TokenPart part, Rule rule);
  void set_form(std::string form);  // of the word emitted last
  void emit_exception(const Exception& exception);

  size_t word_end(size_t from) const;
  bool joins(size_t segment, size_t at) const;
  bool keeps_period(size_t end, bool is_acronym) const;
  size_t clitic_start(size_t from, size_t to) const;
  bool stands_at(const std::u32string& text, size_t at) const;
  bool is_ordinal(size_t end) const;
  size_t with_dangling_hyphen(size_t end) const;
  const Stem* find_enclitics(size_t to, std::vector<size_t>& starts, size_t& searches) const;
  bool read_enclitics(size_t end);
  bool read_clitics(size_t end);
  bool read_hyphen_clitic(size_t end);
  bool is_hyphen_clitic(size_t from, size_t to) const;
  bool border_after(size_t end) const;

  const ChunkSplitter& rules_;
  const Window& w_;
  Pieces& out_;
  uint32_t offset_;                                    // bytes of the chunk before this window
  size_t at_ = 0;                                      // code points
  size_t no_email_before_ = 0, no_domain_before_ = 0;  // places already known to start none
};

}  // namespace treelet
