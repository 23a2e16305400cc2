#include <algorithm>
#include <cmath>
#include <cstring>

#include "Kernels/Color/hsv.hpp"
#include "Kernels/Noise/hls_scalar.hpp"
#include "guard.hpp"
#include "include/cimaging_weather.h"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Weather/lookup_lightness.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/hsv-inl.hpp"

#ifndef CIMAGING_LIGHTNESS_ONCE
#define CIMAGING_LIGHTNESS_ONCE

namespace cimaging {

/// Columns first ..< end and rows top ..< bottom.
struct Area {
  int first, end, top, bottom;
};

inline constexpr float unit = 1.0f / 255;

/// Converts a pixel to 8-bit HLS and back, with its lightness through `map`, as OpenCV's scalar code converts those at
/// the end of a row.
template <class Map>
void convert_one(const uint8_t *input, uint8_t *output, const Map &map) {
  const auto level = [](float value) { return nearest_byte(static_cast<double>(value)); };
  const auto hls = scalar_to_hls(
      {static_cast<float>(input[0]) * unit, static_cast<float>(input[1]) * unit, static_cast<float>(input[2]) * unit});
  const uint8_t hue = level(hls[0] * 0.5f), lightness = map[level(hls[1] * 255)], saturation = level(hls[2] * 255);
  const auto rgb = scalar_to_rgb(
      {static_cast<float>(hue), static_cast<float>(lightness) * unit, static_cast<float>(saturation) * unit},
      sectors_per_hue);
  for (size_t channel = 0; channel < 3; ++channel) output[channel] = level(rgb[channel] * 255);
}

}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// What becomes of lightness: of a vector of pixels, and of one.

struct SameLightness {
  HWY_INLINE ByteVector operator[](ByteVector levels) const { return levels; }
  uint8_t operator[](uint8_t level) const { return level; }
};

class OneLightness {
 public:
  HWY_INLINE explicit OneLightness(uint8_t level) : all(hn::Set(Bytes(), level)), level(level) {}

  HWY_INLINE ByteVector operator[](ByteVector) const { return all; }
  uint8_t operator[](uint8_t) const { return level; }

 private:
  ByteVector all;
  uint8_t level;
};

class MappedLightness {
 public:
  HWY_INLINE explicit MappedLightness(const uint8_t *table) : in_registers(table), table(table) {}

  HWY_INLINE ByteVector operator[](ByteVector levels) const { return in_registers[levels]; }
  uint8_t operator[](uint8_t level) const { return table[level]; }

 private:
  ByteTable in_registers;
  const uint8_t *table;
};

struct HlsVectors {
  ByteVector hue, lightness, saturation;
};

/// The numbers of which a hue is made: `start` + 30 × (`ahead` - `behind`) / range.
struct HueParts {
  ByteVector ahead, behind, start;
};

HWY_INLINE HueParts hue_parts(ByteVector red, ByteVector green, ByteVector blue, ByteVector most) {
  const auto constant = [](uint8_t value) { return hn::Set(Bytes(), value); };
  const auto is_red = most == red, is_green = most == green;
  const auto red_start = hn::IfThenZeroElse(reaches(green, blue), constant(180));
  return {hn::IfThenElse(is_red, green, hn::IfThenElse(is_green, blue, red)),
          hn::IfThenElse(is_red, blue, hn::IfThenElse(is_green, red, green)),
          hn::IfThenElse(is_red, red_start, hn::IfThenElse(is_green, constant(60), constant(120)))};
}

/// OpenCV `RGB2HLS_f`, whose rounding decides where a level lies halfway between two, as many do.
HWY_INLINE HlsVectors hls_of(ByteVector red, ByteVector green, ByteVector blue) {
  const Floats tag;
  const auto one = hn::Set(tag, 1.0f), two = hn::Set(tag, 2.0f), level = hn::Set(tag, unit);
  const auto largest_level = hn::Set(tag, 255.0f), half_of_it = hn::Set(tag, 127.5f), sixth = hn::Set(tag, 30.0f);
  const auto most = hn::Max(red, hn::Max(green, blue)), least = hn::Min(red, hn::Min(green, blue));
  const HueParts parts = hue_parts(red, green, blue, most);
  IntegerVector hues[4], lightness[4], saturations[4];
#pragma unroll
  for (size_t k = 0; k < 4; ++k) {
    const auto high = floats(most, k) * level, low = floats(least, k) * level;
    const auto range = high - low, sum = high + low;
    const auto side = floats(parts.ahead, k) * level - floats(parts.behind, k) * level;
    const auto most_range = hn::IfThenElse(hn::Lt(sum, one), sum, two - sum);
    lightness[k] = nearest(sum * half_of_it);
    saturations[k] = nearest(range / most_range * largest_level);
    hues[k] = nearest(fused(tag, side, sixth / range, floats(parts.start, k)));
  }
  const auto is_gray = most == least;  // where 0 was divided by 0
  return {hn::IfThenZeroElse(is_gray, narrow(hues)), narrow(lightness),
          hn::IfThenZeroElse(is_gray, narrow(saturations))};
}

/// How far the middle channel lies from the lightness: -15 ... 15 for as far as the smallest ... the largest.
HWY_INLINE ByteVector middle_place(ByteVector hue) {
  const auto constant = [](uint8_t value) { return hn::Set(Bytes(), value); };
  const auto after = [&](uint8_t start) { return hn::IfThenElseZero(reaches(hue, constant(start)), constant(60)); };
  const auto in_pair = hue - after(60) - after(120), turn = constant(30);  // the place in a pair of sectors
  return constant(15) - (hn::Max(in_pair, turn) - hn::Min(in_pair, turn));
}

/// OpenCV `HLS2RGB_f`. The distances of the channels from the lightness are fractions of which none lies halfway
/// between two levels, nor so near to there that OpenCV's floats end on the other side. So integers give its bytes, and
/// floats do for the division of the middle channel's.
HWY_INLINE Levels levels_of(const HlsVectors &hls) {
  const Floats tag;
  const auto factor = hn::Set(tag, 1.0f / (255 * 15 * 256));
  const auto nearer_end = hn::Min(hls.lightness, hn::Not(hls.lightness));
  const Halves lightness = extend(hls.lightness), ends = extend(nearer_end), saturation = extend(hls.saturation);
  const Halves places = interleave(hn::Zero(Bytes()), middle_place(hls.hue));  // times 256
  Halves reach, middle;
#pragma unroll
  for (int half = 0; half < 2; ++half) {
    const auto product = ends.half[half] * saturation.half[half];
    reach.half[half] = hn::MulHigh(product + all(128), all(257));  // product / 255, rounded
    const auto low = product * places.half[half], high = hn::MulHigh(product, places.half[half]);
    const auto distance = [&](ShortVector pairs) {
      return nearest(hn::ConvertTo(tag, hn::BitCast(Integers(), pairs)) * factor);
    };
    const auto distances = hn::ReorderDemote2To(Shorts(), distance(hn::InterleaveLower(Shorts(), low, high)),
                                                distance(hn::InterleaveUpper(Shorts(), low, high)));
    middle.half[half] = lightness.half[half] + distances;
  }
  const auto whole_reach = pack(reach.half[0], reach.half[1]);
  return {hls.lightness + whole_reach, pack(middle.half[0], middle.half[1]), hls.lightness - whole_reach};
}

/// A few vectors of pixels between the loops to HLS and back. Processors overlap the steps of one loop after the other
/// better than those of a long loop over both.
struct HlsBlocks {
  static constexpr size_t count = 8;
  HWY_ALIGN uint8_t hues[count][lanes], lightness[count][lanes], saturations[count][lanes];
};

template <class Map>
HWY_INLINE void map_to_hls(const uint8_t *input, size_t count, const Map &map, HlsBlocks &blocks) {
  const Bytes tag;
  ByteVector red, green, blue;
  for (size_t i = 0; i < count; ++i) {
    hn::LoadInterleaved3(tag, input + 3 * lanes * i, red, green, blue);
    const HlsVectors hls = hls_of(red, green, blue);
    hn::Store(hls.hue, tag, blocks.hues[i]);
    hn::Store(map[hls.lightness], tag, blocks.lightness[i]);
    hn::Store(hls.saturation, tag, blocks.saturations[i]);
  }
}

HWY_INLINE void convert_to_rgb(const HlsBlocks &blocks, size_t count, const HuePlaces &hue_places, uint8_t *output) {
  const Bytes tag;
  for (size_t i = 0; i < count; ++i) {
    const HlsVectors hls{hn::Load(tag, blocks.hues[i]), hn::Load(tag, blocks.lightness[i]),
                         hn::Load(tag, blocks.saturations[i])};
    const auto places = hue_places[hls.hue];
    const Levels levels = levels_of(hls);
    hn::StoreInterleaved3(channel(levels, places, red_is_middle, red_is_least),
                          channel(levels, places, green_is_middle, green_is_least),
                          channel(levels, places, blue_is_middle, blue_is_least), tag, output + 3 * lanes * i);
  }
}

/// Converts pixels to 8-bit HLS and back, with the lightness through a map.
template <class Map>
class Conversion {
 public:
  HWY_INLINE explicit Conversion(const Map &map) : map(map) {}

  HWY_INLINE void convert(const uint8_t *input, uint8_t *output, size_t count) const {
    size_t i = 0;
    while (i + lanes <= count) {
      const size_t blocks = HWY_MIN((count - i) / lanes, HlsBlocks::count);
      convert_blocks(input + 3 * i, output + 3 * i, blocks);
      i += blocks * lanes;
    }
    if (i == count) return;
    uint8_t pixels[3 * lanes] = {};
    std::memcpy(pixels, input + 3 * i, 3 * (count - i));
    convert_blocks(pixels, pixels, 1);
    std::memcpy(output + 3 * i, pixels, 3 * (count - i));
  }

  /// OpenCV's vectors take 8 pixels; it rounds those differently that do not fill one.
  HWY_INLINE void convert(const View &input, View &output, const Area &area) const {
    const int whole = std::clamp(input.width / 8 * 8, area.first, area.end);
    for (int y = area.top; y < area.bottom; ++y) {
      const uint8_t *from = input.row(y);
      uint8_t *to = output.row(y);
      const size_t first = 3 * static_cast<size_t>(area.first);
      convert(from + first, to + first, static_cast<size_t>(whole - area.first));
      for (int x = whole; x < area.end; ++x)
        convert_one(from + 3 * static_cast<size_t>(x), to + 3 * static_cast<size_t>(x), map);
    }
  }

 private:
  HWY_INLINE void convert_blocks(const uint8_t *input, uint8_t *output, size_t count) const {
    HlsBlocks blocks;
    map_to_hls(input, count, map, blocks);
    convert_to_rgb(blocks, count, places, output);
  }

  Map map;
  HuePlaces places;
};

void keep_lightness(const View &input, View &output, const Area &area) {
  Conversion(SameLightness()).convert(input, output, area);
}

void map_lightness(const View &input, View &output, const Area &area, const uint8_t *table) {
  Conversion(MappedLightness(table)).convert(input, output, area);
}

void set_lightness(const View &input, View &output, const Area &area, uint8_t lightness) {
  Conversion(OneLightness(lightness)).convert(input, output, area);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(keep_lightness);
HWY_EXPORT(map_lightness);
HWY_EXPORT(set_lightness);

namespace {

bool is_identity(const uint8_t *table) {
  bool is_same = true;
  for (int level = 0; level < 256; ++level) is_same = is_same && table[level] == level;
  return is_same;
}

void convert(const View &input, View &output, const uint8_t *table) {
  const Area area{0, input.width, 0, input.height};
  if (is_identity(table)) return HWY_DYNAMIC_DISPATCH(keep_lightness)(input, output, area);
  HWY_DYNAMIC_DISPATCH(map_lightness)(input, output, area, table);
}

void set(const View &input, View &output, const cimaging_lightness_patch &patch) {
  const auto inside = [](int place, int length) { return std::clamp(place, 0, length); };
  const Area area{inside(patch.left, input.width), inside(patch.right, input.width), inside(patch.top, input.height),
                  inside(patch.bottom, input.height)};
  if (area.first >= area.end) return;
  HWY_DYNAMIC_DISPATCH(set_lightness)(input, output, area, patch.lightness);
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_lookup_lightness(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const uint8_t *table, const cimaging_lightness_patch *patches, size_t count,
                                          cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    convert(input, output, table);
    for (size_t i = 0; i < count; ++i) set(input, output, patches[i]);
  });
}

#endif
