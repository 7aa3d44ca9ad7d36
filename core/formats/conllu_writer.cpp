#include "formats/conllu_writer.h"

#include "base/error.h"
#include "doc/sentences.h"
#include "formats/escapes.h"

namespace treelet {

namespace {

bool breaks_line(char c) { return c == '\t' || c == '\n' || c == '\r'; }

bool breaks_line(std::string_view text) {
  if (!holds_control(text)) return false;
  for (char c : text)
    if (breaks_line(c)) return true;
  return false;
}

// A blank for each tab and line end.
void put_one_line(std::string_view text, ByteBuffer& out) {
  if (!holds_control(text)) return out.put(text);
  for (char c : text) out.put(breaks_line(c) ? ' ' : c);
}

void put_field(std::string_view text, ByteBuffer& out) {
  if (text.empty()) out.put("_\t");
  else put_one_line(text, out), out.put('\t');
}

// The escapes of Universal Dependencies' SpacesAfter.
void put_spaces(std::string_view text, ByteBuffer& out) {
  for (char c : text) switch (c) {
      case ' ': out.put("\\s"); break;
      case '\t': out.put("\\t"); break;
      case '\r': out.put("\\r"); break;
      case '\n': out.put("\\n"); break;
      case '|': out.put("\\p"); break;
      case '\\': out.put("\\\\"); break;
      default: out.put(c);
    }
}

// Writes the lines of a sentence's words, first to last.
class SentenceLines {
 public:
  SentenceLines(const Doc& doc, const ConlluOptions& options, ByteBuffer& out)
      : doc_(doc), options_(options), out_(out) {}

  void write(size_t start, size_t end) {
    start_ = start;
    end_ = end;
    token_end_ = start;
    for (size_t word = start; word < end; ++word) {
      if (doc_.part[word] == TokenPart::first) token_line(word);
      word_line(word);
    }
  }

 private:
  // The line of a token of several words, before the first of them.
  void token_line(size_t first) {
    size_t end = first + 1;
    while (end < end_ && doc_.part[end] == TokenPart::later) ++end;
    if (end == first + 1) return;
    token_end_ = end;
    const size_t from = size_t(doc_.byte_start[first]), to = size_t(doc_.byte_end[end - 1]);
    const std::string_view surface = std::string_view(doc_.text).substr(from, to - from);
    out_.put_number(int64_t(first - start_ + 1));
    out_.put('-');
    out_.put_number(int64_t(end - start_));
    out_.put('\t');
    put_one_line(surface, out_);
    out_.put("\t_\t_\t_\t_\t_\t_\t_\t");
    put_space_after(end - 1);
    if (first == 0) put_space_before();
    put_space_inside(surface);
    end_misc();
  }

  void word_line(size_t word) {
    const std::string_view form = doc_.word(word);
    out_.put_number(int64_t(word - start_ + 1));
    out_.put('\t');
    put_field(form, out_);
    put_field(doc_.lemma.get(word), out_);
    put_label(doc_.upos, word);
    put_label(doc_.xpos, word);
    put_label(doc_.feats, word);
    put_head(word);
    put_label(doc_.deprel, word);
    out_.put("_\t");
    if (word >= token_end_) {
      put_space_after(word);
      if (word == 0) put_space_before();
    }
    put_space_inside(form);
    if (!doc_.iob.empty()) put_entity(word);
    end_misc();
  }

  void put_label(const LabelColumn& column, size_t word) {
    const Label label = column.id(word);
    put_field(label == kMissing ? std::string_view() : std::string_view(column.labels->name(label)), out_);
  }

  void put_head(size_t word) {
    const int32_t head = doc_.head.empty() ? kMissing : doc_.head[word];
    if (head < 0) return out_.put("_\t");
    if (size_t(head) < start_ || size_t(head) >= end_)
      throw Error(ErrorKind::text, "word " + std::to_string(word) + ": found head " + std::to_string(head) +
                                       ", expected one of its sentence, words " + std::to_string(start_) + " to " +
                                       std::to_string(end_ - 1));
    out_.put_number(size_t(head) == word ? 0 : int64_t(size_t(head) - start_ + 1));
    out_.put('\t');
  }

  // MISC: fields apart by bars. None ends in a tab, so a tab says that the next one is the first.

  void begin_misc_field() {
    if (out_.last() != '\t') out_.put('|');
  }

  void end_misc() {
    if (out_.last() == '\t') out_.put('_');
    out_.put('\n');
  }

  void put_space_after(size_t word) {
    const bool is_last = word + 1 == doc_.size();
    const size_t from = size_t(doc_.byte_end[word]);
    const size_t to = is_last ? doc_.text.size() : size_t(doc_.byte_start[word + 1]);
    if (is_last ? to == from : to == from + 1 && doc_.text[from] == ' ') return;
    begin_misc_field();
    if (to == from) return out_.put("SpaceAfter=No");
    out_.put("SpacesAfter=");
    put_spaces(std::string_view(doc_.text).substr(from, to - from), out_);
  }

  void put_space_before() {
    const std::string_view spaces = doc_.leading_whitespace();
    if (spaces.empty()) return;
    begin_misc_field();
    out_.put("SpacesBefore=");
    put_spaces(spaces, out_);
  }

  void put_space_inside(std::string_view text) {
    if (!breaks_line(text)) return;
    begin_misc_field();
    out_.put("SpacesInToken=");
    put_spaces(text, out_);
  }

  void put_entity(size_t word) {
    if (doc_.iob[word] == Iob::missing) return;
    const std::string_view type = doc_.ent_type.get(word);
    begin_misc_field();
    out_.put(options_.entity_key);
    if (doc_.iob[word] == Iob::outside || type.empty()) return out_.put("=O");
    if (doc_.iob[word] == Iob::begin) out_.put("=B-");
    else out_.put("=I-");
    put_one_line(type, out_);
  }

  const Doc& doc_;
  const ConlluOptions& options_;
  ByteBuffer& out_;
  size_t start_ = 0, end_ = 0;  // of the sentence
  size_t token_end_ = 0;        // of the multi-word token before or around the word, whose own line has the white space
};

}  // namespace

void write_conllu(const Doc& doc, const ConlluOptions& options, ByteBuffer& out) {
  const std::vector<int32_t> starts = sentence_starts(doc);
  SentenceLines lines(doc, options, out);
  out.put(doc.size() ? std::string_view(options.opening) : std::string_view());
  for (size_t k = 0; k < starts.size(); ++k) {
    const size_t start = size_t(starts[k]), end = k + 1 < starts.size() ? size_t(starts[k + 1]) : doc.size();
    if (!options.sent_id.empty()) {
      out.put("# sent_id = ");
      out.put(options.sent_id);
      out.put_number(int64_t(uint64_t(options.first_sentence) + k));
      out.put('\n');
    }
    const size_t from = size_t(doc.byte_start[start]), to = size_t(doc.byte_end[end - 1]);
    out.put("# text = ");
    put_one_line(std::string_view(doc.text).substr(from, to - from), out);
    out.put('\n');
    lines.write(start, end);
    out.put('\n');
  }
}

}  // namespace treelet
