#include "formats/json_writer.h"

#include <algorithm>
#include <cmath>

#include "base/utf8.h"
#include "doc/entities.h"
#include "doc/sentences.h"
#include "formats/escapes.h"

namespace treelet {

namespace {

void put_escaped(char c, ByteBuffer& out) {
  switch (c) {
    case '"': return out.put("\\\"");
    case '\\': return out.put("\\\\");
    case '\n': return out.put("\\n");
    case '\r': return out.put("\\r");
    case '\t': return out.put("\\t");
    case '\f': return out.put("\\f");
    case '\b': return out.put("\\b");
    default:
      out.put("\\u00");
      out.put("01"[uint8_t(c) >> 4]);
      out.put("0123456789abcdef"[uint8_t(c) & 15]);
  }
}

void put_string(std::string_view text, ByteBuffer& out) {
  out.put('"');
  if (!holds_json_special(text)) {
    out.put(text);
  } else {
    size_t done = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      if (uint8_t(text[i]) >= 0x20 && text[i] != '"' && text[i] != '\\') continue;
      out.put(text.substr(done, i - done));
      put_escaped(text[i], out);
      done = i + 1;
    }
    out.put(text.substr(done));
  }
  out.put('"');
}

// Six decimals at most, as Python's repr spells them: `0.25`, `1.0`, `1.5e-05` below a ten-thousandth.
void put_probability(float value, ByteBuffer& out) {
  const int millionths = int(std::lround(std::clamp(double(value), 0.0, 1.0) * 1e6));
  if (std::signbit(value)) out.put('-');
  if (millionths == 0) return out.put("0.0");
  if (millionths == 1000000) return out.put("1.0");
  if (millionths < 100) {
    const int ones = millionths % 10, tens = millionths / 10;
    out.put(char('0' + (tens ? tens : ones)));
    if (tens && ones) out.put('.'), out.put(char('0' + ones));
    if (tens) return out.put("e-05");
    return out.put("e-06");
  }
  char digits[6];
  for (int i = 5, rest = millionths; i >= 0; --i, rest /= 10) digits[i] = char('0' + rest % 10);
  size_t n = 6;
  while (digits[n - 1] == '0') --n;
  out.put("0.");
  out.put(std::string_view(digits, n));
}

// Where words start and end in code points.
class CodePointPlaces {
 public:
  explicit CodePointPlaces(const Doc& doc) {
    const std::string_view text = doc.text;
    if (count_code_points(text) == text.size()) {  // bytes are code points
      starts_ = doc.byte_start.data();
      ends_ = doc.byte_end.data();
      return;
    }
    counted_.reserve(2 * doc.size());
    size_t at = 0, count = 0;
    const auto advance = [&](int32_t to) {
      for (; at < size_t(to); ++at) count += (uint8_t(text[at]) & 0xC0) != 0x80;
      counted_.push_back(int32_t(count));
    };
    for (size_t word = 0; word < doc.size(); ++word) {
      advance(doc.byte_start[word]);
      advance(doc.byte_end[word]);
    }
  }

  int32_t start(size_t word) const { return counted_.empty() ? starts_[word] : counted_[2 * word]; }
  int32_t end(size_t word) const { return counted_.empty() ? ends_[word] : counted_[2 * word + 1]; }

 private:
  const int32_t *starts_ = nullptr, *ends_ = nullptr;
  std::vector<int32_t> counted_;  // (words, 2)
};

class JsonLine {
 public:
  JsonLine(const Doc& doc, const JsonOptions& options, ByteBuffer& out)
      : doc_(doc), options_(options), out_(out), places_(doc) {}

  void write() {
    out_.put("{\"text\": ");
    put_string(doc_.text, out_);
    put_tokens();
    if (has_sentences(doc_)) put_sentences();
    if (std::any_of(doc_.iob.begin(), doc_.iob.end(), [](Iob code) { return code != Iob::missing; })) put_entities();
    out_.put(options_.more);
    out_.put('}');
  }

 private:
  void put_tokens() {
    out_.put(", \"tokens\": [");
    for (size_t word = 0; word < doc_.size(); ++word) {
      if (word) out_.put(", ");
      put_token(word);
    }
    out_.put(']');
  }

  void put_token(size_t word) {
    out_.put("{\"id\": ");
    out_.put_number(int64_t(word));
    put_place(", \"start\": ", word, word + 1);
    out_.put(", \"text\": ");
    put_string(doc_.surface(word), out_);
    if (doc_.form.is_set(word)) put_member(", \"form\": ", doc_.form.get(word));
    if (doc_.part[word] == TokenPart::first) out_.put(", \"part\": 1");
    if (doc_.part[word] == TokenPart::later) out_.put(", \"part\": 2");
    if (doc_.lemma.is_set(word)) put_member(", \"lemma\": ", doc_.lemma.get(word));
    put_label(", \"pos\": ", doc_.upos, word);
    put_label(", \"tag\": ", doc_.xpos, word);
    put_label(", \"morph\": ", doc_.feats, word);
    put_label(", \"dep\": ", doc_.deprel, word);
    if (!doc_.head.empty() && doc_.head[word] >= 0) {
      out_.put(", \"head\": ");
      out_.put_number(doc_.head[word]);
    }
    if (!doc_.iob.empty()) put_entity_tag(word);
    if (!doc_.sent_start.empty() && doc_.sent_start[word] == 1) out_.put(", \"sent_start\": true");
    if (!doc_.sent_start.empty() && doc_.sent_start[word] == -1) out_.put(", \"sent_start\": false");
    if (options_.probabilities) {
      put_probability_of(", \"head_probability\": ", doc_.head_probability, word);
      put_probability_of(", \"dep_probability\": ", doc_.deprel_probability, word);
      put_probability_of(", \"ent_probability\": ", doc_.ent_probability, word);
    }
    out_.put('}');
  }

  // Characters from the start of word `first` to the end of word `end` - 1.
  template <size_t N>
  void put_place(const char (&start_key)[N], size_t first, size_t end) {
    out_.put(start_key);
    out_.put_number(places_.start(first));
    out_.put(", \"end\": ");
    out_.put_number(places_.end(end - 1));
  }

  template <size_t N>
  void put_member(const char (&key)[N], std::string_view value) {
    out_.put(key);
    put_string(value, out_);
  }

  template <size_t N>
  void put_label(const char (&key)[N], const LabelColumn& column, size_t word) {
    const Label label = column.id(word);
    if (label != kMissing) put_member(key, column.labels->name(label));
  }

  template <size_t N>
  void put_probability_of(const char (&key)[N], const std::vector<float>& column, size_t word) {
    if (column.empty() || std::isnan(column[word])) return;
    out_.put(key);
    put_probability(column[word], out_);
  }

  void put_entity_tag(size_t word) {
    const Iob code = doc_.iob[word];
    if (code == Iob::missing) return;
    const std::string_view type = doc_.ent_type.get(word);
    if (code == Iob::outside || type.empty()) return out_.put(", \"ent\": \"O\"");
    tag_ = code == Iob::begin ? "B-" : "I-";
    tag_ += type;
    put_member(", \"ent\": ", tag_);
  }

  void put_sentences() {
    const std::vector<int32_t> starts = sentence_starts(doc_);
    out_.put(", \"sents\": [");
    for (size_t k = 0; k < starts.size(); ++k) {
      if (k) out_.put(", ");
      put_place("{\"start\": ", size_t(starts[k]), k + 1 < starts.size() ? size_t(starts[k + 1]) : doc_.size());
      out_.put('}');
    }
    out_.put(']');
  }

  void put_entities() {
    out_.put(", \"ents\": [");
    bool is_first = true;
    for (const EntitySpan& entity : entity_spans(doc_)) {
      if (!is_first) out_.put(", ");
      is_first = false;
      put_place("{\"start\": ", entity.first, entity.end);
      put_member(", \"label\": ", entity.type);
      out_.put('}');
    }
    out_.put(']');
  }

  const Doc& doc_;
  const JsonOptions& options_;
  ByteBuffer& out_;
  CodePointPlaces places_;
  std::string tag_;  // scratch
};

}  // namespace

void write_json(const Doc& doc, const JsonOptions& options, ByteBuffer& out) { JsonLine(doc, options, out).write(); }

}  // namespace treelet
