// Over the lanes of a vector: their sum, their largest; comes inside kernels.inl, in its vector types and its namespace.

template <class Number, int N>
struct Lanes {
  typedef Number Vector __attribute__((vector_size(N * 4)));
};

// Halves fold onto one another, in a fixed order, so that a row's sum is the same wherever the row stands.
template <class Number, int N, class Fold>
inline Number fold_lanes(typename Lanes<Number, N>::Vector v, Fold fold) {
  if constexpr (N == 4) {
    return fold(fold(v[0], v[2]), fold(v[1], v[3]));
  } else {
    using Half = typename Lanes<Number, N / 2>::Vector;
    Half low, high;
    __builtin_memcpy(&low, &v, sizeof low);
    __builtin_memcpy(&high, reinterpret_cast<const char*>(&v) + sizeof low, sizeof high);
    return fold_lanes<Number, N / 2>(fold(low, high), fold);
  }
}

inline float sum_lanes(V v) {
  return fold_lanes<float, kLanes>(v, [](auto a, auto b) { return a + b; });
}

inline int largest_lane(I v) {
  return fold_lanes<int, kLanes>(v, [](auto a, auto b) { return a > b ? a : b; });
}
