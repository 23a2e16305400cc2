// Vectors of RGB pixels as they follow each other, four in each 16 bytes; included once for each instruction set. Takes
// fewer instructions than sorting bytes by channel.

#if defined(CIMAGING_PIXELS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_PIXELS_INL_HPP
#undef CIMAGING_PIXELS_INL_HPP
#else
#define CIMAGING_PIXELS_INL_HPP
#endif

#include <cstdint>
#include <hwy/highway.h>

#include "Kernels/Color/triples-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Pixels in a vector.
constexpr size_t pixels_at_once = lanes / 4;

/// At most as many pixels behind those of a vector are loaded and stored with them.
constexpr size_t spilled_pixels = (lanes / 4 + 2) / 3;

/// Loads four pixels to each 16 bytes.
template <typename Tag>
HWY_INLINE hn::Vec<Tag> load_pixels(Tag tag, const uint8_t *rgb) {
  if constexpr (hn::MaxLanes(tag) == 16) {
    return hn::LoadU(tag, rgb);
  } else if constexpr (hn::MaxLanes(tag) == 32) {
    const hn::Half<Tag> half;
    return hn::Combine(tag, hn::LoadU(half, rgb + 12), hn::LoadU(half, rgb));
  } else {
    alignas(64) static constexpr int32_t words[16] = {0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 10, 11, 12};
    const hn::Repartition<int32_t, Tag> integers;
    const auto bytes = hn::BitCast(integers, hn::LoadU(tag, rgb));
    return hn::BitCast(tag, hn::TableLookupLanes(bytes, hn::SetTableIndices(integers, words)));
  }
}

/// Stores the first twelve of each 16 bytes one after the other; what is stored behind them is overwritten later.
template <typename Tag>
HWY_INLINE void store_pixels(Tag tag, hn::Vec<Tag> pixels, uint8_t *rgb) {
  if constexpr (hn::MaxLanes(tag) == 16) {
    hn::StoreU(pixels, tag, rgb);
  } else if constexpr (hn::MaxLanes(tag) == 32) {
    const hn::Half<Tag> half;
    hn::StoreU(hn::LowerHalf(half, pixels), half, rgb);
    hn::StoreU(hn::UpperHalf(half, pixels), half, rgb + 12);
  } else {
    alignas(64) static constexpr int32_t words[16] = {0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15};
    const hn::Repartition<int32_t, Tag> integers;
    const auto bytes = hn::TableLookupLanes(hn::BitCast(integers, pixels), hn::SetTableIndices(integers, words));
    hn::StoreU(hn::BitCast(tag, bytes), tag, rgb);
  }
}

/// Pairs of 16-bit numbers of each pixel, for weighted sums: red and green, and blue and 1.
struct PixelPairs {
  HWY_INLINE explicit PixelPairs(ByteVector pixels) {
    alignas(16) static constexpr int8_t first[16] = {0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1};
    alignas(16) static constexpr int8_t second[16] = {2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1};
    const hn::RebindToSigned<Bytes> indices;
    const auto bytes = hn::BitCast(indices, pixels);
    red_green = hn::BitCast(Shorts(), hn::TableLookupBytesOr0(bytes, hn::LoadDup128(indices, first)));
    const auto blue = hn::TableLookupBytesOr0(bytes, hn::LoadDup128(indices, second));
    blue_one = hn::Or(hn::BitCast(Shorts(), blue), pair(0, 1));
  }

  /// Shifted right by `bits`.
  template <int bits>
  HWY_INLINE IntegerVector weighted_sum(ShortVector red_green_weights, ShortVector blue_one_weights) const {
    return hn::ShiftRight<bits>(
        hn::Add(pair_sums(red_green, red_green_weights), pair_sums(blue_one, blue_one_weights)));
  }

  /// OpenCV's luma, with 15 fraction bits.
  HWY_INLINE IntegerVector luma() const { return weighted_sum<15>(pair(9798, 19235), pair(3735, 1 << 14)); }

  ShortVector red_green, blue_one;
};

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
