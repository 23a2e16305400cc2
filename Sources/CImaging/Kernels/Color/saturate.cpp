#include <cstring>

#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/saturate.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Blur/floats-inl.hpp"
#include "Kernels/Color/pixels-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Three vectors of floats, of which each 16 bytes hold the first, the second and the third four values of four pixels.
struct PixelFloats {
  FloatVector parts[3];
};

HWY_INLINE PixelFloats values_of(ByteVector pixels) {
  alignas(16) static constexpr int8_t orders[3][16] = {{0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3, -1, -1, -1},
                                                       {4, -1, -1, -1, 5, -1, -1, -1, 6, -1, -1, -1, 7, -1, -1, -1},
                                                       {8, -1, -1, -1, 9, -1, -1, -1, 10, -1, -1, -1, 11, -1, -1, -1}};
  const hn::RebindToSigned<Bytes> indices;
  PixelFloats values;
  for (size_t k = 0; k < 3; ++k) {
    const auto bytes = hn::TableLookupBytesOr0(hn::BitCast(indices, pixels), hn::LoadDup128(indices, orders[k]));
    values.parts[k] = hn::ConvertTo(Floats(), hn::BitCast(Integers(), bytes));
  }
  return values;
}

/// One number of each pixel for all of its values.
HWY_INLINE PixelFloats for_values(FloatVector numbers) {
  alignas(16) static constexpr uint8_t orders[3][16] = {{0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7},
                                                        {4, 5, 6, 7, 4, 5, 6, 7, 8, 9, 10, 11, 8, 9, 10, 11},
                                                        {8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15}};
  PixelFloats all;
  for (size_t k = 0; k < 3; ++k) {
    const auto bytes = hn::TableLookupBytes(hn::BitCast(Bytes(), numbers), hn::LoadDup128(Bytes(), orders[k]));
    all.parts[k] = hn::BitCast(Floats(), bytes);
  }
  return all;
}

/// value × `saturation` + level × `rest`, in the order and with the fused sum of OpenCV's `addWeighted`. Loads and
/// stores `spilled_pixels` more.
HWY_INLINE void blend(const uint8_t *input, uint8_t *output, float saturation, float rest) {
  const auto pixels = load_pixels(Bytes(), input);
  const auto levels = hn::ConvertTo(Floats(), PixelPairs(pixels).luma());
  const PixelFloats values = values_of(pixels), grey = for_values(levels * hn::Set(Floats(), rest));
  IntegerVector sums[3];
  for (size_t k = 0; k < 3; ++k) {
    sums[k] = nearest(fused(hn::Set(Floats(), saturation), values.parts[k], grey.parts[k]));
  }
  // Narrowing clamps.
  const auto bytes =
      pack(hn::ReorderDemote2To(Shorts(), sums[0], sums[1]), hn::ReorderDemote2To(Shorts(), sums[2], sums[2]));
  store_pixels(Bytes(), bytes, output);
}

void blend_row(const uint8_t *input, uint8_t *output, size_t count, float saturation, float rest) {
  size_t i = 0;
  for (; i + pixels_at_once + spilled_pixels <= count; i += pixels_at_once) {
    blend(input + 3 * i, output + 3 * i, saturation, rest);
  }
  while (i < count) {
    const size_t some = HWY_MIN(count - i, pixels_at_once);
    uint8_t pixels[3 * (pixels_at_once + spilled_pixels)] = {};
    std::memcpy(pixels, input + 3 * i, 3 * some);
    blend(pixels, pixels, saturation, rest);
    std::memcpy(output + 3 * i, pixels, 3 * some);
    i += some;
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(blend_row);
}

cimaging_status cimaging_saturate(const cimaging_pixels *source, const cimaging_pixels *destination, double factor,
                                  cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    const auto saturation = static_cast<float>(factor), rest = static_cast<float>(1 - factor);
    for (int y = 0; y < input.height; ++y) {
      HWY_DYNAMIC_DISPATCH(blend_row)
      (input.row(y), output.row(y), static_cast<size_t>(input.width), saturation, rest);
    }
  });
}

#endif
