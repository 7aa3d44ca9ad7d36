// Buffers on a 64-byte border, zero when new.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace treelet {

template <class Number>
class Aligned {
 public:
  Aligned() = default;
  explicit Aligned(size_t size) { resize(size); }

  // Keeps nothing of what was there; zeros throughout.
  void resize(size_t size) {
    grow(size);
    std::fill_n(data_.get(), size, Number(0));
  }
  // Room for at least `size` numbers; contents undefined.
  void grow(size_t size) {
    size_ = size;
    if (size <= capacity_) return;
    data_.reset(static_cast<Number*>(::operator new(size * sizeof(Number), std::align_val_t{64})));
    capacity_ = size;
  }
  void release() {
    data_.reset();
    size_ = capacity_ = 0;
  }

  Number* data() { return data_.get(); }
  const Number* data() const { return data_.get(); }
  Number& operator[](size_t i) { return data_[i]; }
  const Number& operator[](size_t i) const { return data_[i]; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }

 private:
  struct Free {
    void operator()(Number* p) const { ::operator delete(p, std::align_val_t{64}); }
  };
  std::unique_ptr<Number[], Free> data_;
  size_t size_ = 0, capacity_ = 0;
};

using AlignedFloats = Aligned<float>;
using AlignedBytes = Aligned<int8_t>;

}  // namespace treelet
