#include "base/arena.h"

#include <algorithm>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace treelet {

namespace {

constexpr size_t kBorder = 64, kLargePage = size_t(2) << 20, kBlock = 4 * kLargePage;

char* allocate(size_t size) {
#ifdef __linux__
  void* const data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) throw std::bad_alloc();
  madvise(data, size, MADV_HUGEPAGE);  // a wish: nothing depends on it
  return static_cast<char*>(data);
#else
  return static_cast<char*>(::operator new(size, std::align_val_t{kBorder}));
#endif
}

void release(char* data, [[maybe_unused]] size_t size) {
#ifdef __linux__
  munmap(data, size);
#else
  ::operator delete(data, std::align_val_t{kBorder});
#endif
}

}  // namespace

Arena::~Arena() {
  for (const Block& block : blocks_) release(block.data, block.size);
}

void* Arena::take(size_t bytes) {
  bytes = (bytes + kBorder - 1) / kBorder * kBorder;
  if (blocks_.empty() || blocks_.back().size - blocks_.back().used < bytes) {
    blocks_.reserve(blocks_.size() + 1);
    const size_t size = std::max(kBlock, (bytes + kLargePage - 1) / kLargePage * kLargePage);
    blocks_.push_back({allocate(size), size, 0});
  }
  Block& block = blocks_.back();
  char* const data = block.data + block.used;
  block.used += bytes;
  return data;
}

}  // namespace treelet
