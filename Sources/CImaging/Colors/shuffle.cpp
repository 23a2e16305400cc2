#include "Colors/shuffle.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Colors/shuffle.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void shuffle(const uint8_t *input, uint8_t *output, size_t count, const int32_t *order) {
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

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(shuffle);

void shuffle(const uint8_t *input, uint8_t *output, size_t count, const int32_t *order) {
  HWY_DYNAMIC_DISPATCH(shuffle)(input, output, count, order);
}

}  // namespace cimaging

#endif
