// Sorting networks on vectors of bytes; included once for each instruction set. Each lane is sorted for itself.
//
// The loops have constant bounds, so that the compiler unrolls them and omits every comparison whose result is not
// used.

#if defined(CIMAGING_MERGE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_MERGE_INL_HPP
#undef CIMAGING_MERGE_INL_HPP
#else
#define CIMAGING_MERGE_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using Bytes = hn::ScalableTag<uint8_t>;
using ByteVector = hn::Vec<Bytes>;

constexpr size_t lanes = hn::MaxLanes(Bytes());

/// Merges two sorted lists into one, by Batcher's odd-even merge for any lengths: those of even places and those of odd
/// places are merged, and neighbours then compared.
template <size_t m, size_t n>
HWY_INLINE void merge(const ByteVector *a, const ByteVector *b, ByteVector *merged) {
  if constexpr (m == 0 || n == 0) {
    _Pragma("clang loop unroll(full)") for (size_t i = 0; i < m + n; ++i) merged[i] = m == 0 ? b[i] : a[i];
  } else if constexpr (m == 1 && n == 1) {
    const ByteVector low = hn::Min(a[0], b[0]);
    merged[1] = hn::Max(a[0], b[0]);
    merged[0] = low;
  } else {
    constexpr size_t even_m = (m + 1) / 2, even_n = (n + 1) / 2, evens = even_m + even_n, odds = m / 2 + n / 2;
    ByteVector even_a[even_m], even_b[even_n], odd_a[even_m], odd_b[even_n], even[evens], odd[evens];
    _Pragma("clang loop unroll(full)") for (size_t i = 0; i < m; ++i)(i % 2 == 0 ? even_a : odd_a)[i / 2] = a[i];
    _Pragma("clang loop unroll(full)") for (size_t i = 0; i < n; ++i)(i % 2 == 0 ? even_b : odd_b)[i / 2] = b[i];
    merge<even_m, even_n>(even_a, even_b, even);
    merge<m / 2, n / 2>(odd_a, odd_b, odd);
    merged[0] = even[0];
    _Pragma("clang loop unroll(full)") for (size_t i = 0; i < odds; ++i) {
      const bool has_even = i + 1 < evens;
      merged[2 * i + 1] = has_even ? hn::Min(odd[i], even[i + 1]) : odd[i];
      if (has_even) merged[2 * i + 2] = hn::Max(odd[i], even[i + 1]);
    }
    if constexpr (evens == odds + 2) merged[m + n - 1] = even[evens - 1];
  }
}

template <size_t count>
HWY_INLINE void sort(ByteVector *values) {
  if constexpr (count > 1) {
    constexpr size_t half = count / 2;
    ByteVector merged[count];
    sort<half>(values);
    sort<count - half>(values + half);
    merge<half, count - half>(values, values + half, merged);
    _Pragma("clang loop unroll(full)") for (size_t i = 0; i < count; ++i) values[i] = merged[i];
  }
}

/// The value of rank `rank`, from 0, in two sorted lists together: for some split of the `rank` + 1 lowest values into
/// the lowest of each list, it is the higher of both ends; every other split has a higher end.
template <size_t m, size_t n, size_t rank>
HWY_INLINE ByteVector ranked(const ByteVector *a, const ByteVector *b) {
  ByteVector lowest = hn::Set(Bytes(), 255);
  _Pragma("clang loop unroll(full)") for (size_t from_a = 0; from_a <= m; ++from_a) {
    if (from_a > rank + 1 || rank + 1 - from_a > n) continue;
    const size_t from_b = rank + 1 - from_a;
    const ByteVector end = from_a == 0   ? b[from_b - 1]
                           : from_b == 0 ? a[from_a - 1]
                                         : hn::Max(a[from_a - 1], b[from_b - 1]);
    lowest = hn::Min(lowest, end);
  }
  return lowest;
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
