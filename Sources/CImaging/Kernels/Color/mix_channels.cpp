#include <cstring>

#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/mix_channels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/triples-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Nine weights row by row with 10 fraction bits, as OpenCV's `transform` of bytes has them.
HWY_INLINE void mix(const uint8_t *input, uint8_t *output, const int16_t *weights) {
  ByteVector colors[3];
  hn::LoadInterleaved3(Bytes(), input, colors[0], colors[1], colors[2]);
  const Halves red = extend(colors[0]), green = extend(colors[1]), blue = extend(colors[2]);
  ShortVector sums[3][2];
  for (int k = 0; k < 2; ++k) {
    const Quadruples four(red.half[k], green.half[k], blue.half[k], all(1));
    for (int row = 0; row < 3; ++row) {
      const int16_t *three = weights + 3 * row;
      sums[row][k] = four.weighted_sum<10>(pair(three[0], three[1]), pair(three[2], 1 << 9), hn::Zero(Integers()));
    }
  }
  hn::StoreInterleaved3(pack(sums[0][0], sums[0][1]), pack(sums[1][0], sums[1][1]), pack(sums[2][0], sums[2][1]),
                        Bytes(), output);
}

void mix_rows(const View &input, View &output, const int16_t *weights) {
  const size_t count = static_cast<size_t>(input.width);
  for (int y = 0; y < input.height; ++y) {
    const uint8_t *from = input.row(y);
    uint8_t *to = output.row(y);
    size_t i = 0;
    for (; i + lanes <= count; i += lanes) mix(from + 3 * i, to + 3 * i, weights);
    if (i == count) continue;
    uint8_t rest[3 * lanes] = {};
    std::memcpy(rest, from + 3 * i, 3 * (count - i));
    mix(rest, rest, weights);
    std::memcpy(to + 3 * i, rest, 3 * (count - i));
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
