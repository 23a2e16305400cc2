#include "Kernels/Geometry/flip.hpp"
#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_geometry.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Geometry/rotate90.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>

#ifndef CIMAGING_PIXEL_ROWS
#define CIMAGING_PIXEL_ROWS

namespace cimaging {
namespace {

/// RGB pixels with a signed row stride, so that rows can be traversed upward or downward.
struct PixelRows {
  uint8_t *first;
  ptrdiff_t stride;

  uint8_t *at(ptrdiff_t row, ptrdiff_t column) const { return first + row * stride + 3 * column; }
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using Sixteen = hn::FixedTag<uint8_t, 16>;
using Four = hn::FixedTag<uint32_t, 4>;
using Two = hn::FixedTag<uint64_t, 2>;
using SixteenBytes = hn::Vec<Sixteen>;

/// Loads sixteen bytes and spreads four pixels to 32 bits each; `places` selects their bytes.
HWY_INLINE hn::Vec<Four> spread(const uint8_t *bytes, SixteenBytes places) {
  return hn::BitCast(Four(), hn::TableLookupBytes(hn::LoadU(Sixteen(), bytes), places));
}

/// Packs and stores four pixels; if `is_free`, writes four extra bytes, which are overwritten later.
template <bool is_free>
HWY_INLINE void gather(hn::Vec<Two> pixels, uint8_t *output) {
  alignas(16) static constexpr uint8_t places[16] = {0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15};
  const SixteenBytes packed = hn::TableLookupBytes(hn::BitCast(Sixteen(), pixels), hn::Load(Sixteen(), places));
  if constexpr (is_free) return hn::StoreU(packed, Sixteen(), output);
  alignas(16) uint8_t bytes[16];
  hn::Store(packed, Sixteen(), bytes);
  std::copy_n(bytes, 12, output);
}

/// Transposes a block of 4 × 4 pixels. Each row's sixteen-byte load begins `skipped` bytes before its first pixel.
template <bool is_free>
HWY_INLINE void transpose_block(PixelRows input, PixelRows output, ptrdiff_t x, ptrdiff_t y, size_t skipped) {
  alignas(16) static constexpr uint8_t places[2][16] = {{0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11},
                                                        {4, 5, 6, 6, 7, 8, 9, 9, 10, 11, 12, 12, 13, 14, 15, 15}};
  const SixteenBytes order = hn::Load(Sixteen(), places[skipped / 4]);
  const uint8_t *bytes = input.at(y, x) - skipped;
  const auto row0 = spread(bytes, order), row1 = spread(bytes + input.stride, order);
  const auto row2 = spread(bytes + 2 * input.stride, order), row3 = spread(bytes + 3 * input.stride, order);
  const auto left01 = hn::BitCast(Two(), hn::InterleaveLower(Four(), row0, row1));
  const auto left23 = hn::BitCast(Two(), hn::InterleaveLower(Four(), row2, row3));
  const auto right01 = hn::BitCast(Two(), hn::InterleaveUpper(Four(), row0, row1));
  const auto right23 = hn::BitCast(Two(), hn::InterleaveUpper(Four(), row2, row3));
  gather<is_free>(hn::InterleaveLower(Two(), left01, left23), output.at(x, y));
  gather<is_free>(hn::InterleaveUpper(Two(), left01, left23), output.at(x + 1, y));
  gather<is_free>(hn::InterleaveLower(Two(), right01, right23), output.at(x + 2, y));
  gather<is_free>(hn::InterleaveUpper(Two(), right01, right23), output.at(x + 3, y));
}

/// Transposes four columns of the input, rows `begin` ..< `end`. The last block may overlap the previous one, so that
/// no rows are left over.
HWY_INLINE void transpose_columns(PixelRows input, PixelRows output, ptrdiff_t x, ptrdiff_t begin, ptrdiff_t end,
                                  ptrdiff_t height, size_t skipped) {
  ptrdiff_t y = begin;
  for (; y < end && y + 6 <= height; y += 4) transpose_block<true>(input, output, x, y, skipped);
  for (; y < end; y += 4) transpose_block<false>(input, output, x, std::min(y, height - 4), skipped);
}

/// Transposes in tiles whose rows and columns stay in the L1 cache. The tiles of a band of columns go from top to
/// bottom, because a block writes slightly into what follows it.
void transpose(PixelRows input, PixelRows output, ptrdiff_t width, ptrdiff_t height) {
  constexpr ptrdiff_t side = 64;
  for (ptrdiff_t left = 0; left < width; left += side) {
    for (ptrdiff_t top = 0; top < height; top += side) {
      const ptrdiff_t right = std::min(left + side, width), bottom = std::min(top + side, height);
      ptrdiff_t x = left;
      for (; x < right && x + 6 <= width; x += 4) transpose_columns(input, output, x, top, bottom, height, 0);
      for (; x < right; x += 4) {
        transpose_columns(input, output, std::min(x, width - 4), top, bottom, height, 4);
      }
    }
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(transpose);

namespace {

/// Transposes `input`, which has `width` columns and `height` rows, into `output`.
void transpose(PixelRows input, PixelRows output, ptrdiff_t width, ptrdiff_t height) {
  if (width >= 6 && height >= 6) return HWY_DYNAMIC_DISPATCH(transpose)(input, output, width, height);
  for (ptrdiff_t x = 0; x < width; ++x) {
    for (ptrdiff_t y = 0; y < height; ++y) std::copy_n(input.at(y, x), 3, output.at(x, y));
  }
}

PixelRows downward(const View &image) { return {image.pixels, static_cast<ptrdiff_t>(image.stride)}; }

PixelRows upward(const View &image) {
  const auto stride = static_cast<ptrdiff_t>(image.stride);
  return {image.pixels + stride * (image.height - 1), -stride};
}

/// Rotates by 90 degrees.
void rotate_quarter(const View &input, View &output, bool is_clockwise) {
  require(input.height == output.width && input.width == output.height, "the destination has another shape");
  if (input.channels != 3) return opencv::rotate(input, output, is_clockwise);
  const auto from = is_clockwise ? upward(input) : downward(input);
  const auto to = is_clockwise ? downward(output) : upward(output);
  transpose(from, to, input.width, input.height);
}

/// Rotates by 0 or 180 degrees.
void copy(const View &input, View &output, bool is_rotated) {
  require(input.has_shape_of(output), "the destination has another shape");
  if (is_rotated) return mirror(input, output, true);
  for (int y = 0; y < input.height; ++y) std::copy_n(input.row(y), input.row_length(), output.row(y));
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_rotate90(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t quarters,
                                  cimaging_message *message) {
  using namespace cimaging;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    if (quarters % 2 == 0) return copy(input, output, (quarters & 3) == 2);
    rotate_quarter(input, output, (quarters & 3) == 3);
  });
}

cimaging_status cimaging_transpose(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   int32_t is_transverse, cimaging_message *message) {
  using namespace cimaging;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    require(input.height == output.width && input.width == output.height, "the destination has another shape");
    if (input.channels != 3) return opencv::transpose(input, output, is_transverse);
    const auto from = is_transverse ? upward(input) : downward(input);
    transpose(from, is_transverse ? upward(output) : downward(output), input.width, input.height);
  });
}

#endif
