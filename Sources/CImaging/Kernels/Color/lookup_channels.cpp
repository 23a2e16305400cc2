#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/lookup_channels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void lookup_channels(const View &input, View &output, const uint8_t *tables) {
  const Bytes tag;
  const ByteTable red(tables), green(tables + 256), blue(tables + 512);
  const size_t count = static_cast<size_t>(input.width);
  for (int y = 0; y < input.height; ++y) {
    const uint8_t *from = input.row(y);
    uint8_t *to = output.row(y);
    size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
      ByteVector colors[3];
      hn::LoadInterleaved3(tag, from + 3 * i, colors[0], colors[1], colors[2]);
      hn::StoreInterleaved3(red[colors[0]], green[colors[1]], blue[colors[2]], tag, to + 3 * i);
    }
    for (i *= 3; i < 3 * count; ++i) to[i] = tables[256 * (i % 3) + from[i]];
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(lookup_channels);
}

cimaging_status cimaging_lookup_channels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         const uint8_t *tables, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    HWY_DYNAMIC_DISPATCH(lookup_channels)(input, output, tables);
  });
}

#endif
