// A buffer of floats on a 64-byte border, zero when new.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace treelet {

class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(size_t size) { resize(size); }

  // Keeps nothing of what was there; zeros throughout.
  void resize(size_t size) {
    grow(size);
    std::fill_n(data_.get(), size, 0.0f);
  }
  // Room for at least `size` floats; contents undefined.
  void grow(size_t size) {
    size_ = size;
    if (size <= capacity_) return;
    data_.reset(static_cast<float*>(::operator new(size * sizeof(float), std::align_val_t{64})));
    capacity_ = size;
  }
  void release() {
    data_.reset();
    size_ = capacity_ = 0;
  }

  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  float& operator[](size_t i) { return data_[i]; }
  const float& operator[](size_t i) const { return data_[i]; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }

 private:
  struct Free {
    void operator()(float* p) const { ::operator delete(p, std::align_val_t{64}); }
  };
  std::unique_ptr<float[], Free> data_;
  size_t size_ = 0, capacity_ = 0;
};

}  // namespace treelet
