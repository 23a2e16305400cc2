#include <cstring>

#include "Kernels/Color/hsv.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/lookup_hsv.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/hsv-inl.hpp"

#ifndef CIMAGING_HSV_ONCE
#define CIMAGING_HSV_ONCE

namespace cimaging {

/// Lookup tables in HSV, in the layout of the kernel.
struct HsvTables {
  HsvTables(const uint8_t *hue, const uint8_t *saturation, const uint8_t *value);

  uint8_t hue[256];     // indexed by the hue, -30 ... 150, plus 30
  uint8_t places[256];  // same index: which value each channel takes
  uint8_t saturation[256];
  uint8_t value[256];
};

}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The four tables, in registers where supported.
struct Tables {
  HWY_INLINE explicit Tables(const HsvTables &tables)
      : hue(tables.hue), places(tables.places), saturation(tables.saturation), value(tables.value) {}

  ByteTable hue, places, saturation, value;
};

/// Converts `lanes` pixels.
template <bool rounds>
HWY_INLINE void convert(const uint8_t *input, uint8_t *output, const Tables &tables) {
  const Bytes tag;
  Block block;
  ByteVector red, green, blue;
  hn::LoadInterleaved3(tag, input, red, green, blue);
  find_extremes(red, green, blue, block);
  divide(block);
  const auto hue = hn::Load(tag, block.third), places = tables.places[hue];
  hn::Store(tables.hue[hue], tag, block.third);
  hn::Store(tables.saturation[hn::Load(tag, block.second)], tag, block.second);
  hn::Store(tables.value[hn::Load(tag, block.first)], tag, block.first);
  multiply<rounds>(block);
  hn::StoreInterleaved3(channel(block, places, red_is_middle, red_is_least),
                        channel(block, places, green_is_middle, green_is_least),
                        channel(block, places, blue_is_middle, blue_is_least), tag, output);
}

/// Converts `count` pixels.
template <bool rounds>
HWY_INLINE void convert(const uint8_t *input, uint8_t *output, size_t count, const Tables &tables) {
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) convert<rounds>(input + 3 * i, output + 3 * i, tables);
  if (i == count) return;
  uint8_t pixels[3 * lanes] = {};
  std::memcpy(pixels, input + 3 * i, 3 * (count - i));
  convert<rounds>(pixels, pixels, tables);
  std::memcpy(output + 3 * i, pixels, 3 * (count - i));
}

/// Converts to 8-bit HSV, applies the tables and converts back. Same bytes as OpenCV's RGB2HSV and HSV2RGB on a
/// processor with AVX2, where OpenCV truncates levels in blocks of 32 pixels and rounds the rest of the row.
void lookup_hsv(const View &input, View &output, const HsvTables &tables) {
  const size_t count = static_cast<size_t>(input.width), whole = count / 32 * 32;
  const Tables in_registers(tables);
  for (int y = 0; y < input.height; ++y) {
    convert<false>(input.row(y), output.row(y), whole, in_registers);
    convert<true>(input.row(y) + 3 * whole, output.row(y) + 3 * whole, count - whole, in_registers);
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(lookup_hsv);

HsvTables::HsvTables(const uint8_t *hues, const uint8_t *saturations, const uint8_t *values) {
  for (int i = 0; i < 256; ++i) {
    hue[i] = hues[(i + 180 - hue_start) % 180];
    places[i] = hsv_places(hue[i]);
  }
  std::memcpy(saturation, saturations, sizeof saturation);
  std::memcpy(value, values, sizeof value);
}

}  // namespace cimaging

cimaging_status cimaging_lookup_hsv(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const uint8_t *hue, const uint8_t *saturation, const uint8_t *value,
                                    cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    HWY_DYNAMIC_DISPATCH(lookup_hsv)(input, output, HsvTables(hue, saturation, value));
  });
}

#endif
