#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/planes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Bytes = hn::ScalableTag<uint8_t>;

/// `plane` becomes one channel of `colors`.
HWY_INLINE void take_row(const uint8_t *colors, uint8_t *plane, size_t count, size_t channel) {
  const Bytes tag;
  const size_t lanes = hn::Lanes(tag);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::Vec<Bytes> channels[3];
    hn::LoadInterleaved3(tag, colors + 3 * i, channels[0], channels[1], channels[2]);
    hn::StoreU(channels[channel], tag, plane + i);
  }
  for (; i < count; ++i) plane[i] = colors[3 * i + channel];
}

/// One channel of `colors` becomes `plane`.
HWY_INLINE void put_row(const uint8_t *plane, uint8_t *colors, size_t count, size_t channel) {
  const Bytes tag;
  const size_t lanes = hn::Lanes(tag);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::Vec<Bytes> channels[3];
    hn::LoadInterleaved3(tag, colors + 3 * i, channels[0], channels[1], channels[2]);
    channels[channel] = hn::LoadU(tag, plane + i);
    hn::StoreInterleaved3(channels[0], channels[1], channels[2], tag, colors + 3 * i);
  }
  for (; i < count; ++i) colors[3 * i + channel] = plane[i];
}

void take_channel(const View &colors, View &plane, int channel) {
  const auto count = static_cast<size_t>(colors.width), place = static_cast<size_t>(channel);
  for (int y = 0; y < colors.height; ++y) take_row(colors.row(y), plane.row(y), count, place);
}

void put_channel(const View &plane, View &colors, int channel) {
  const auto count = static_cast<size_t>(colors.width), place = static_cast<size_t>(channel);
  for (int y = 0; y < colors.height; ++y) put_row(plane.row(y), colors.row(y), count, place);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(take_channel);
HWY_EXPORT(put_channel);

namespace {

void require_plane(const View &plane, const View &colors, int32_t channel) {
  require_color(colors);
  require(plane.channels == 1 && plane.width == colors.width && plane.height == colors.height, "no plane of the image");
  require(channel >= 0 && channel < 3, "there is no such channel");
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_take_channel(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      int32_t channel, cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    View plane = view(destination);
    require_plane(plane, view(source), channel);
    HWY_DYNAMIC_DISPATCH(take_channel)(view(source), plane, channel);
  });
}

cimaging_status cimaging_put_channel(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t channel,
                                     cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    View colors = view(destination);
    require_plane(view(source), colors, channel);
    HWY_DYNAMIC_DISPATCH(put_channel)(view(source), colors, channel);
  });
}

#endif
