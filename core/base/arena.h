// Memory for many arrays that are filled once and all go at the same time: large pages where the system has them, so that
// filling it costs no fault every four kilobytes, and given back to the system at once.
#pragma once

#include <cstddef>
#include <vector>

namespace treelet {

class Arena {
 public:
  Arena() = default;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena(Arena&& other) noexcept { *this = static_cast<Arena&&>(other); }
  Arena& operator=(Arena&& other) noexcept {
    blocks_.swap(other.blocks_);
    return *this;
  }

  // `bytes` on a 64-byte border, contents undefined. Throws std::bad_alloc.
  void* take(size_t bytes);

 private:
  struct Block {
    char* data;
    size_t size, used;
  };
  std::vector<Block> blocks_;
};

}  // namespace treelet
