#include "doc/doc.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/utf8.h"

namespace treelet {

std::string_view Doc::whitespace(size_t word) const {
  const size_t from = size_t(byte_end[word]);
  const size_t to = word + 1 < size() ? size_t(byte_start[word + 1]) : text.size();
  return std::string_view(text).substr(from, to - from);
}

std::string_view Doc::leading_whitespace() const {
  return std::string_view(text).substr(0, size() ? size_t(byte_start[0]) : text.size());
}

void Doc::fit() {
  text.shrink_to_fit();
  form.fit(), lemma.fit();
  for (LabelColumn* column : {&upos, &xpos, &feats, &deprel, &ent_type}) column->ids.shrink_to_fit();
  for (auto* column : {&byte_start, &byte_end, &head}) column->shrink_to_fit();
  for (auto* column : {&head_probability, &deprel_probability, &ent_probability}) column->shrink_to_fit();
  part.shrink_to_fit(), sent_start.shrink_to_fit(), iob.shrink_to_fit();
}

Doc Doc::bare(bool sentences) const {
  Doc copy;
  copy.text = text;
  copy.byte_start = byte_start;
  copy.byte_end = byte_end;
  copy.part = part;
  copy.form = form;
  if (sentences) copy.sent_start = sent_start;
  return copy;
}

void Doc::add_token(std::string_view surface, const std::vector<std::string>& words, std::string_view whitespace) {
  const size_t start = text.size();
  if (start + surface.size() + whitespace.size() > size_t(std::numeric_limits<int32_t>::max()))
    throw Error(ErrorKind::text, "a document holds at most 2 GiB of text: split it into several");
  text += surface;
  text += whitespace;
  mark_token(int32_t(start), int32_t(start + surface.size()), words);
}

void Doc::mark_token(int32_t start, int32_t end, const std::vector<std::string>& words) {
  const std::string_view surface = std::string_view(text).substr(size_t(start), size_t(end - start));
  if (surface.empty()) throw Error(ErrorKind::text, "a token must not be empty");
  for (const auto& word : words)
    if (word.empty()) throw Error(ErrorKind::text, "a word of token '" + std::string(surface) + "' is empty");

  const size_t n_new = std::max<size_t>(1, words.size());
  std::vector<int32_t> borders = n_new > 1 ? share_surface(surface, words) : std::vector<int32_t>();
  borders.push_back(end - start);
  int32_t from = 0;
  for (size_t k = 0; k < n_new; ++k) {
    byte_start.push_back(start + from);
    byte_end.push_back(start + borders[k]);
    part.push_back(n_new == 1 ? TokenPart::whole : k == 0 ? TokenPart::first : TokenPart::later);
    const std::string_view piece = surface.substr(size_t(from), size_t(borders[k] - from));
    form.append(k < words.size() && words[k] != piece, k < words.size() ? std::string_view(words[k]) : piece, size());
    from = borders[k];
    append_missing();
  }
}

void Doc::append_missing() {
  for (LabelColumn* column : {&upos, &xpos, &feats, &deprel, &ent_type}) column->append();
  lemma.append(false, {}, size());
  for (auto* column : {&head_probability, &deprel_probability, &ent_probability})
    if (!column->empty()) column->push_back(kUnknownProbability);
  if (!head.empty()) head.push_back(kMissing);
  if (!sent_start.empty()) sent_start.push_back(0);
  if (!iob.empty()) iob.push_back(Iob::missing);
}

std::vector<int32_t> share_surface(std::string_view surface, const std::vector<std::string>& words) {
  std::vector<char32_t> above, below;     // code points of the surface; of all words together
  std::vector<int32_t> above_byte;        // byte position of each surface code point
  for (size_t i = 0; i < surface.size();) {
    const CodePoint c = decode_utf8(surface, i);
    above.push_back(c.value);
    above_byte.push_back(int32_t(i));
    i += size_t(c.bytes);
  }
  above_byte.push_back(int32_t(surface.size()));
  std::vector<size_t> word_end;           // in code points of `below`
  for (const auto& word : words) {
    for (size_t i = 0; i < word.size();) {
      const CodePoint c = decode_utf8(word, i);
      below.push_back(c.value);
      i += size_t(c.bytes);
    }
    word_end.push_back(below.size());
  }

  // Edit distance, filled from the ends so that a trace from the start prefers early matches.
  const size_t n = above.size(), m = below.size(), stride = m + 1;
  if (n * m > 1'000'000) {  // nothing that long is a multi-word token: give the first word everything but a tail
    std::vector<int32_t> borders;
    for (size_t k = 0; k + 1 < words.size(); ++k) borders.push_back(above_byte[std::min(word_end[k], n)]);
    return borders;
  }
  std::vector<uint32_t> cost((n + 1) * stride);
  for (size_t i = n + 1; i-- > 0;)
    for (size_t j = m + 1; j-- > 0;) {
      if (i == n || j == m) {
        cost[i * stride + j] = uint32_t(2 * (n - i + m - j));
        continue;
      }
      const uint32_t pair = above[i] == below[j] ? 0u : 3u;
      cost[i * stride + j] = std::min({cost[(i + 1) * stride + j + 1] + pair, cost[(i + 1) * stride + j] + 2u,
                                       cost[i * stride + j + 1] + 2u});
    }
  std::vector<int32_t> borders;
  size_t i = 0, j = 0, k = 0;
  while (k + 1 < words.size()) {
    while (k + 1 < words.size() && j == word_end[k]) {
      borders.push_back(above_byte[i]);
      ++k;
    }
    if (k + 1 >= words.size()) break;
    const uint32_t here = cost[i * stride + j];
    const uint32_t pair = i < n && j < m && above[i] == below[j] ? 0u : 3u;
    if (i < n && j < m && here == cost[(i + 1) * stride + j + 1] + pair) {
      ++i, ++j;
    } else if (j < m && here == cost[i * stride + j + 1] + 2u) {
      ++j;
    } else {
      ++i;
    }
  }
  return borders;
}

}  // namespace treelet
