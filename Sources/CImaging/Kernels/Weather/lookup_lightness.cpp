#include <algorithm>
#include <cmath>
#include <cstring>

#include "Kernels/Noise/hls_scalar.hpp"
#include "guard.hpp"
#include "include/cimaging_weather.h"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Weather/lookup_lightness.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"
#include "Kernels/Noise/hls-inl.hpp"

#ifndef CIMAGING_LIGHTNESS_ONCE
#define CIMAGING_LIGHTNESS_ONCE

namespace cimaging {

/// A stretch of pixels of a row.
struct Stretch {
  const uint8_t *input;
  uint8_t *output;
  size_t count;
};

namespace {

constexpr float unit = 1.0f / 255, sixths_per_level = 6.0f / 180;

/// One pixel, as OpenCV's scalar code converts those at the end of a row.
void convert_one(const uint8_t *input, uint8_t *output, const uint8_t *table) {
  const auto level = [](float value) { return nearest_byte(static_cast<double>(value)); };
  const auto hls = scalar_to_hls(
      {static_cast<float>(input[0]) * unit, static_cast<float>(input[1]) * unit, static_cast<float>(input[2]) * unit});
  const uint8_t hue = level(hls[0] * 0.5f), lightness = table[level(hls[1] * 255)], saturation = level(hls[2] * 255);
  const auto rgb = scalar_to_rgb(
      {static_cast<float>(hue), static_cast<float>(lightness) * unit, static_cast<float>(saturation) * unit},
      sixths_per_level);
  for (size_t channel = 0; channel < 3; ++channel) output[channel] = level(rgb[channel] * 255);
}

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Three bytes for each of `lanes` pixels between the steps.
struct Planes {
  HWY_ALIGN uint8_t bytes[3][lanes];

  HWY_INLINE FloatVector load(int channel, size_t first, float factor) const {
    const hn::Rebind<uint8_t, Integers> tag;
    const auto numbers = hn::ConvertTo(Floats(), hn::PromoteTo(Integers(), hn::Load(tag, bytes[channel] + first)));
    return hn::Mul(numbers, hn::Set(Floats(), factor));
  }
};

/// Four vectors of floats for each of three channels, rounded to bytes.
struct Levels {
  IntegerVector parts[3][4];

  HWY_INLINE void set(size_t k, Hls<Floats>::Three values, float first_factor) {
    parts[0][k] = hn::NearestInt(hn::Mul(values.first, hn::Set(Floats(), first_factor)));
    parts[1][k] = hn::NearestInt(hn::Mul(values.second, hn::Set(Floats(), 255)));
    parts[2][k] = hn::NearestInt(hn::Mul(values.third, hn::Set(Floats(), 255)));
  }

  HWY_INLINE void store(Planes &planes) const {
    for (int channel = 0; channel < 3; ++channel) hn::Store(join(parts[channel]), Bytes(), planes.bytes[channel]);
  }
};

/// Converts `lanes` pixels to 8-bit HLS and back, with the lightness through the table.
HWY_INLINE void convert(const uint8_t *input, uint8_t *output, const ByteTable &table) {
  const Bytes tag;
  Planes planes;
  ByteVector red, green, blue;
  hn::LoadInterleaved3(tag, input, red, green, blue);
  hn::Store(red, tag, planes.bytes[0]);
  hn::Store(green, tag, planes.bytes[1]);
  hn::Store(blue, tag, planes.bytes[2]);
  Levels levels;
  for (size_t k = 0; k < 4; ++k) {
    const size_t i = k * quarter;
    levels.set(k, Hls<Floats>::from_rgb({planes.load(0, i, unit), planes.load(1, i, unit), planes.load(2, i, unit)}),
               0.5f);
  }
  levels.store(planes);
  hn::Store(table[hn::Load(tag, planes.bytes[1])], tag, planes.bytes[1]);
  for (size_t k = 0; k < 4; ++k) {
    const size_t i = k * quarter;
    levels.set(
        k,
        Hls<Floats>::to_rgb({planes.load(0, i, 1), planes.load(1, i, unit), planes.load(2, i, unit)}, sixths_per_level),
        255);
  }
  hn::StoreInterleaved3(join(levels.parts[0]), join(levels.parts[1]), join(levels.parts[2]), tag, output);
}

void convert_stretch(const Stretch *stretch, const uint8_t *table) {
  const auto [input, output, count] = *stretch;
  const ByteTable in_registers(table);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) convert(input + 3 * i, output + 3 * i, in_registers);
  if (i == count) return;
  uint8_t pixels[3 * lanes] = {};
  std::memcpy(pixels, input + 3 * i, 3 * (count - i));
  convert(pixels, pixels, in_registers);
  std::memcpy(output + 3 * i, pixels, 3 * (count - i));
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(convert_stretch);

namespace {

/// Columns first ..< end and rows top ..< bottom.
struct Area {
  int first, end, top, bottom;
};

/// Converts an area. OpenCV's vectors take 8 pixels; it rounds those differently that do not fill one.
void convert(const View &input, View &output, const Area &area, const uint8_t *table) {
  const int rest = input.width / 8 * 8, whole = std::clamp(rest, area.first, area.end);
  for (int y = area.top; y < area.bottom; ++y) {
    const uint8_t *from = input.row(y);
    uint8_t *to = output.row(y);
    const size_t first = 3 * static_cast<size_t>(area.first);
    const Stretch stretch{from + first, to + first, static_cast<size_t>(whole - area.first)};
    HWY_DYNAMIC_DISPATCH(convert_stretch)(&stretch, table);
    for (int x = whole; x < area.end; ++x)
      convert_one(from + 3 * static_cast<size_t>(x), to + 3 * static_cast<size_t>(x), table);
  }
}

void set_lightness(const View &input, View &output, const cimaging_lightness_patch &patch) {
  const auto inside = [](int place, int length) { return std::clamp(place, 0, length); };
  const Area area{inside(patch.left, input.width), inside(patch.right, input.width), inside(patch.top, input.height),
                  inside(patch.bottom, input.height)};
  if (area.first >= area.end) return;
  uint8_t table[256];
  std::memset(table, patch.lightness, sizeof table);
  convert(input, output, area, table);
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_lookup_lightness(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const uint8_t *table, const cimaging_lightness_patch *patches, size_t count,
                                          cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    convert(input, output, {0, input.width, 0, input.height}, table);
    for (size_t i = 0; i < count; ++i) set_lightness(input, output, patches[i]);
  });
}

#endif
