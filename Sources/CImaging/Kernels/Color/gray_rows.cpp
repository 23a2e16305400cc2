#include <cstring>

#include "Kernels/Color/gray.hpp"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/gray_rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/pixels-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

struct Colors {
  ByteVector red, green, blue;
};

HWY_INLINE ByteVector largest(const Colors &colors) { return hn::Max(colors.red, hn::Max(colors.green, colors.blue)); }

/// The middle of the largest and the smallest value, rounded down.
HWY_INLINE ByteVector desaturated(const Colors &colors) {
  const auto least = hn::Min(colors.red, hn::Min(colors.green, colors.blue));
  const Halves high = extend(largest(colors)), low = extend(least);
  return pack(hn::ShiftRight<1>(high.half[0] + low.half[0]), hn::ShiftRight<1>(high.half[1] + low.half[1]));
}

/// A third of the sum, rounded down.
HWY_INLINE ByteVector average(const Colors &colors) {
  const Halves red = extend(colors.red), green = extend(colors.green), blue = extend(colors.blue);
  ShortVector means[2];
  for (int k = 0; k < 2; ++k) {
    const auto sum = red.half[k] + green.half[k] + blue.half[k];
    means[k] = hn::MulHigh(sum, all(21846));  // 2^16 / 3, rounded up: exact for sums up to 765
  }
  return pack(means[0], means[1]);
}

/// Loads `spilled_pixels` more.
HWY_INLINE ByteVector weighted(const uint8_t *rgb) {
  IntegerVector levels[4];
  for (size_t k = 0; k < 4; ++k) levels[k] = PixelPairs(load_pixels(Bytes(), rgb + 3 * pixels_at_once * k)).luma();
  return join(levels);
}

HWY_INLINE ByteVector gray(const uint8_t *rgb, cimaging_gray_method method) {
  if (method == CIMAGING_GRAY_WEIGHTED) return weighted(rgb);
  Colors colors;
  hn::LoadInterleaved3(Bytes(), rgb, colors.red, colors.green, colors.blue);
  switch (method) {
    case CIMAGING_GRAY_DESATURATION: return desaturated(colors);
    case CIMAGING_GRAY_AVERAGE: return average(colors);
    default: return largest(colors);
  }
}

void gray_from_rgb(const uint8_t *rgb, uint8_t *levels, size_t count, cimaging_gray_method method) {
  size_t i = 0;
  for (; i + lanes + spilled_pixels <= count; i += lanes) {
    hn::StoreU(gray(rgb + 3 * i, method), Bytes(), levels + i);
  }
  while (i < count) {
    const size_t some = HWY_MIN(count - i, lanes);
    uint8_t pixels[3 * (lanes + spilled_pixels)] = {}, rest[lanes];
    std::memcpy(pixels, rgb + 3 * i, 3 * some);
    hn::StoreU(gray(pixels, method), Bytes(), rest);
    std::memcpy(levels + i, rest, some);
    i += some;
  }
}

void rgb_from_gray(const uint8_t *levels, uint8_t *rgb, size_t count) {
  const Bytes tag;
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto level = hn::LoadU(tag, levels + i);
    hn::StoreInterleaved3(level, level, level, tag, rgb + 3 * i);
  }
  for (; i < count; ++i) rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = levels[i];
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(gray_from_rgb);
HWY_EXPORT(rgb_from_gray);

void gray_from_rgb(const uint8_t *rgb, uint8_t *levels, size_t count, cimaging_gray_method method) {
  HWY_DYNAMIC_DISPATCH(gray_from_rgb)(rgb, levels, count, method);
}

void rgb_from_gray(const uint8_t *levels, uint8_t *rgb, size_t count) {
  HWY_DYNAMIC_DISPATCH(rgb_from_gray)(levels, rgb, count);
}

}  // namespace cimaging

#endif
