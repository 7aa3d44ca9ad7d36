// URLs, e-mail addresses, domains, news groups and file names.
#include <algorithm>

#include "text/patterns.h"

namespace treelet {

namespace {

constexpr size_t kMaxLocalPart = 64, kMaxDomain = 255;  // RFC 5321

bool ends_url(char32_t c) {
  switch (c) {
    case 0:
    case U'<':
    case U'>':
    case U'"':
    case U'{':
    case U'}':
    case U'|':
    case U'^':
    case U'`':
    case 0xAB:
    case 0xBB:
    case 0x201C:
    case 0x201D:
    case 0x2018:
    case 0x2019: return true;
    default: return false;
  }
}

// Cuts off what more likely belongs to the sentence than to the address that ends there.
size_t trim_url(const Window& w, size_t begin, size_t end) {
  size_t open = 0, close = 0;
  for (size_t i = begin; i < end; ++i) open += w.raw[i] == U'(', close += w.raw[i] == U')';
  for (; end > begin; --end) {
    const char32_t c = w.raw[end - 1];
    const bool loose = c == U'.' || c == U',' || c == U';' || c == U':' || c == U'!' || c == U'?' ||
                       c == U'\'' || c == U'*' || c == U']';
    if (c == U')' && close > open) {
      --close;
    } else if (!loose) {
      break;
    }
  }
  return end;
}

size_t url_end(const Window& w, size_t begin, size_t from) {
  size_t end = from;
  while (end < w.size && !ends_url(w.raw[end])) ++end;
  return trim_url(w, begin, end);
}

bool domain_character(const Window& w, size_t i) { return w.word(i) || w.raw[i] == U'-' || w.raw[i] == U'_'; }

}  // namespace

size_t match_url(const Window& w, size_t begin, const AddressParts& parts) {
  for (const auto& scheme : parts.schemes) {
    if (scheme.size() >= w.size - begin ||
        !std::equal(scheme.begin(), scheme.end(), w.lower.begin() + long(begin)))
      continue;
    const size_t end = url_end(w, begin, begin + scheme.size());
    if (end > begin + scheme.size()) return end;
  }
  return begin;
}

size_t match_email(const Window& w, size_t begin, size_t& scanned) {
  size_t at = begin;
  const size_t local_limit = std::min(w.size, begin + kMaxLocalPart);
  while (at < local_limit && (w.word(at) || w.raw[at] == U'.' || w.raw[at] == U'-' || w.raw[at] == U'_' ||
                              w.raw[at] == U'+' || w.raw[at] == U'%' || w.raw[at] == U'&'))
    ++at;
  scanned = at;
  if (at == begin || at >= w.size || w.raw[at] != U'@') return begin;
  size_t end = at + 1;
  const size_t limit = std::min(w.size, end + kMaxDomain);
  while (end < limit && (domain_character(w, end) || (w.raw[end] == U'.' && w.word(end + 1)))) ++end;
  while (end > at + 1 && !w.word(end - 1)) --end;
  return end > at + 1 ? end : begin;
}

size_t match_domain_or_file(const Window& w, size_t begin, const AddressParts& parts, size_t& scanned) {
  const size_t limit = std::min(w.size, begin + kMaxDomain);
  size_t end = begin, last_label = begin, labels = 1;
  bool is_domain = true,
       lower_letters = true;  // of all labels; single letters make an acronym, not a news group
  for (; end < limit; ++end) {
    if (w.raw[end] == U'.' && end > last_label && w.word(end + 1)) {
      lower_letters = lower_letters && end - last_label > 1;
      last_label = end + 1;
      ++labels;
    } else if (w.word(end) || w.raw[end] == U'-' || w.raw[end] == U'_' || w.raw[end] == U'#' ||
               w.raw[end] == U'~') {
      is_domain = is_domain && (w.word(end) || w.raw[end] == U'-');
      lower_letters = lower_letters && (w.raw[end] == U'-' || (w.alpha(end) && !w.upper(end)));
    } else {
      break;
    }
  }
  scanned = end;
  while (end > last_label && !w.word(end - 1)) --end;
  if (labels < 2 || end <= last_label || last_label < begin + 2) return begin;
  if (is_domain && parts.top_level_domains.contains_lower(w, last_label, end) && w.alpha(begin)) {
    const bool path = w.raw[end] == U'/' && w.word(end + 1);
    return path || (w.raw[end] == U':' && w.digit(end + 1)) ? url_end(w, begin, end) : end;
  }
  if (parts.file_extensions.contains_lower(w, last_label, end)) return end;
  return labels >= 3 && lower_letters && end - last_label > 1 ? end : begin;
}

}  // namespace treelet
