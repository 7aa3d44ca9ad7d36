// Bytes that grow at their end: what the writers of formats write to.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace treelet {

class ByteBuffer {
 public:
  ByteBuffer() = default;
  ~ByteBuffer() { std::free(begin_); }
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;

  std::string_view view() const { return {begin_, size()}; }
  size_t capacity() const { return size_t(end_ - begin_); }
  size_t size() const { return size_t(at_ - begin_); }
  char last() const { return at_[-1]; }  // of a buffer that is not empty
  void clear() { at_ = begin_; }
  void swap(ByteBuffer& other) {
    std::swap(begin_, other.begin_);
    std::swap(at_, other.at_);
    std::swap(end_, other.end_);
  }

  void put(char c) { *room(1) = c, ++at_; }
  template <size_t N>
  void put(const char (&literal)[N]) {
    std::memcpy(room(N - 1), literal, N - 1);
    at_ += N - 1;
  }
  void put(std::string_view text) {
    copy(room(text.size()), text.data(), text.size());
    at_ += text.size();
  }
  void put_number(int64_t value) {
    char* const from = room(kMostDigits);
    at_ = std::to_chars(from, from + kMostDigits, value).ptr;
  }

 private:
  static constexpr size_t kMostDigits = 20;  // with the sign

  // The end, with at least `n` free bytes behind it.
  char* room(size_t n) {
    if (size_t(end_ - at_) < n) [[unlikely]] grow(n);
    return at_;
  }

  void grow(size_t n) {
    const size_t used = size(), wanted = 2 * used + n + 1024;
    char* const begin = static_cast<char*>(std::realloc(begin_, wanted));
    if (!begin) throw std::bad_alloc();
    begin_ = begin;
    at_ = begin + used;
    end_ = begin + wanted;
  }

  // A call of memcpy takes longer than most words.
  static void copy(char* to, const char* from, size_t n) {
    if (n > 16) {
      std::memcpy(to, from, n);
    } else if (n >= 8) {
      copy_ends<uint64_t>(to, from, n);
    } else if (n >= 4) {
      copy_ends<uint32_t>(to, from, n);
    } else if (n > 0) {
      to[0] = from[0];
      to[n / 2] = from[n / 2];
      to[n - 1] = from[n - 1];
    }
  }

  // First and last bytes of a text no longer than two Words; they may overlap.
  template <typename Word>
  static void copy_ends(char* to, const char* from, size_t n) {
    Word first, last;
    std::memcpy(&first, from, sizeof(Word));
    std::memcpy(&last, from + n - sizeof(Word), sizeof(Word));
    std::memcpy(to, &first, sizeof(Word));
    std::memcpy(to + n - sizeof(Word), &last, sizeof(Word));
  }

  char *begin_ = nullptr, *at_ = nullptr, *end_ = nullptr;
};

}  // namespace treelet
