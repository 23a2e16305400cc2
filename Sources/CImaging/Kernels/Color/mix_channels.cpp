#include <algorithm>
#include <cstring>

#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/mix_channels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/pixels-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Nine weights row by row with 10 fraction bits, as OpenCV's `transform` of bytes has them. Loads and stores
/// `spilled_pixels` more.
HWY_INLINE void mix(const uint8_t *input, uint8_t *output, const int16_t *weights) {
  alignas(16) static constexpr uint8_t order[16] = {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 12, 13, 14, 15};
  const PixelPairs pixels(load_pixels(Bytes(), input));
  const auto sum = [&](const int16_t *three) {
    return pixels.weighted_sum<10>(pair(three[0], three[1]), pair(three[2], 1 << 9));
  };
  const auto blue = sum(weights + 6);
  const auto bytes =
      pack(hn::ReorderDemote2To(Shorts(), sum(weights), sum(weights + 3)), hn::ReorderDemote2To(Shorts(), blue, blue));
  store_pixels(Bytes(), hn::TableLookupBytes(bytes, hn::LoadDup128(Bytes(), order)), output);
}

void mix_rows(const View &input, View &output, const int16_t *first_weights) {
  const size_t count = static_cast<size_t>(input.width);
  int16_t weights[9];  // a copy, which stores of bytes cannot change
  std::copy_n(first_weights, 9, weights);
  for (int y = 0; y < input.height; ++y) {
    const uint8_t *from = input.row(y);
    uint8_t *to = output.row(y);
    size_t i = 0;
    for (; i + pixels_at_once + spilled_pixels <= count; i += pixels_at_once) mix(from + 3 * i, to + 3 * i, weights);
    while (i < count) {
      const size_t some = HWY_MIN(count - i, pixels_at_once);
      uint8_t rest[3 * (pixels_at_once + spilled_pixels)] = {};
      std::memcpy(rest, from + 3 * i, 3 * some);
      mix(rest, rest, weights);
      std::memcpy(to + 3 * i, rest, 3 * some);
      i += some;
    }
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(mix_rows);
}

cimaging_status cimaging_mix_channels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const int16_t *weights, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    HWY_DYNAMIC_DISPATCH(mix_rows)(input, output, weights);
  });
}

#endif
