// What kernels that resize load and store; included once for each instruction set.

#if defined(CIMAGING_RESIZE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_RESIZE_INL_HPP
#undef CIMAGING_RESIZE_INL_HPP
#else
#define CIMAGING_RESIZE_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>

#include "Kernels/Color/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Bytes of the source: 16 for each of one or two pixels or rows of the result.
using Taps = hn::CappedTag<uint8_t, 32>;

/// A vector of `count` windows of a row, one after the other.
template <size_t count, typename Tag>
HWY_INLINE hn::Vec<Tag> load_windows(Tag tag, const uint8_t *row, const int *places) {
  if constexpr (count == 1) {
    return hn::LoadU(tag, row + places[0]);
  } else {
    const hn::Half<Tag> half;
    return hn::Combine(tag, load_windows<count / 2>(half, row, places + count / 2),
                       load_windows<count / 2>(half, row, places));
  }
}

/// A pixel of three values in each four floats of a vector, of which the last stays 0.
using Pixels = hn::Repartition<float, Taps>;
constexpr size_t pixels = hn::MaxLanes(Pixels()) / 4;

/// The bytes at `order` in each 16 bytes as floats.
template <typename Tag>
HWY_INLINE hn::Vec<Tag> floats_at(Tag floats, hn::Vec<hn::Repartition<uint8_t, Tag>> bytes, const int8_t *order) {
  const hn::RebindToSigned<Tag> integers;
  const hn::Repartition<int8_t, Tag> indices;
  const auto values = hn::TableLookupBytesOr0(hn::BitCast(indices, bytes), hn::LoadDup128(indices, order));
  return hn::ConvertTo(floats, hn::BitCast(integers, values));
}

/// What tap `k` of each pixel adds, of four with their weights.
template <size_t k>
HWY_INLINE hn::Vec<Pixels> product(hn::Vec<Taps> bytes, hn::Vec<Pixels> weights) {
  alignas(16) static constexpr int8_t order[16] = {3 * k,     -1, -1, -1, 3 * k + 1, -1, -1, -1,
                                                   3 * k + 2, -1, -1, -1, -1,        -1, -1, -1};
  return hn::Mul(hn::Broadcast<k>(weights), floats_at(Pixels(), bytes, order));
}

/// Stores three values of each pixel, and room behind them.
template <typename Tag>
HWY_INLINE void store_pixels(Tag tag, hn::Vec<Tag> values, hn::TFromD<Tag> *row) {
  if constexpr (pixels == 1) {
    hn::StoreU(values, tag, row);
  } else {
    alignas(32) static constexpr int32_t order[8] = {0, 1, 2, 4, 5, 6, 3, 7};
    hn::StoreU(hn::TableLookupLanes(values, hn::SetTableIndices(tag, order)), tag, row);
  }
}

/// Stores a row of bytes, of which `bytes_at` gives whole vectors, also at its end.
template <typename BytesAt>
HWY_INLINE void store_row(BytesAt bytes_at, uint8_t *output, size_t count) {
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(bytes_at(i), Bytes(), output + i);
  if (i == count) return;
  uint8_t last[lanes];
  hn::StoreU(bytes_at(i), Bytes(), last);
  std::copy_n(last, count - i, output + i);
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
