#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/shuffle.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE void shuffle_row(const uint8_t *input, uint8_t *output, size_t count, const int32_t *order) {
  const hn::ScalableTag<uint8_t> bytes;
  const size_t lanes = hn::Lanes(bytes);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::Vec<decltype(bytes)> channels[3];
    hn::LoadInterleaved3(bytes, input + 3 * i, channels[0], channels[1], channels[2]);
    hn::StoreInterleaved3(channels[order[0]], channels[order[1]], channels[order[2]], bytes, output + 3 * i);
  }
  for (; i < count; ++i) {
    for (int channel = 0; channel < 3; ++channel) output[3 * i + channel] = input[3 * i + order[channel]];
  }
}

void shuffle(const View &input, View &output, const int32_t *order) {
  const auto width = static_cast<size_t>(input.width);
  for (int y = 0; y < input.height; ++y) shuffle_row(input.row(y), output.row(y), width, order);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(shuffle);
}

cimaging_status cimaging_shuffle(const cimaging_pixels *source, const cimaging_pixels *destination,
                                 const int32_t *order, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    HWY_DYNAMIC_DISPATCH(shuffle)(input, output, order);
  });
}

#endif
