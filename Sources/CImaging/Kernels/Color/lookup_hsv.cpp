#include <algorithm>
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

/// Lookup tables in HSV.
struct HsvTables {
  HsvTables(const uint8_t *hue, const uint8_t *saturation, const uint8_t *value);

  /// A table that adds a number and clamps.
  struct Shift {
    uint8_t up = 0, down = 0;
  };

  /// Whether the first table rotates hues and the others shift levels, but for a saturation of 0, which stays.
  bool are_shifts = false;
  uint8_t rotation;  // of places from `hue_start` before red to hues
  Shift of_saturation, of_value;

  uint8_t hue[256];  // indexed by the hue, -30 ... 150, plus 30
  uint8_t saturation[256];
  uint8_t value[256];

 private:
  bool finds_shifts();
};

}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The tables, in registers where supported.
struct ByTables {
  HWY_INLINE explicit ByTables(const HsvTables &tables)
      : hues(tables.hue), saturations(tables.saturation), values(tables.value) {}

  HWY_INLINE ByteVector hue(ByteVector places) const { return hues[places]; }
  HWY_INLINE ByteVector saturation(ByteVector levels) const { return saturations[levels]; }
  HWY_INLINE ByteVector value(ByteVector levels) const { return values[levels]; }

  HuePlaces places;

 private:
  ByteTable hues, saturations, values;
};

/// Tables that shift, by arithmetic.
struct ByShifts {
  HWY_INLINE explicit ByShifts(const HsvTables &tables)
      : rotation(hn::Set(Bytes(), tables.rotation)),
        back(hn::Set(Bytes(), 180 - tables.rotation)),
        of_saturation(tables.of_saturation),
        of_value(tables.of_value) {}

  HWY_INLINE ByteVector hue(ByteVector places) const {
    return places + rotation - hn::IfThenElseZero(reaches(places, back), hn::Set(Bytes(), 180));
  }

  HWY_INLINE ByteVector saturation(ByteVector levels) const {
    return hn::IfThenZeroElse(levels == hn::Zero(Bytes()), of_saturation(levels));
  }

  HWY_INLINE ByteVector value(ByteVector levels) const { return of_value(levels); }

  HuePlaces places;

 private:
  struct Shift {
    HWY_INLINE explicit Shift(HsvTables::Shift shift)
        : up(hn::Set(Bytes(), shift.up)), down(hn::Set(Bytes(), shift.down)) {}

    HWY_INLINE ByteVector operator()(ByteVector levels) const {
      return hn::SaturatedSub(hn::SaturatedAdd(levels, up), down);
    }

    ByteVector up, down;
  };

  ByteVector rotation, back;
  Shift of_saturation, of_value;
};

/// Hue, saturation and value of a few vectors of pixels. Processors overlap the steps of one loop after the other
/// better than those of a long loop over both.
struct HsvBlocks {
  static constexpr size_t count = 8;
  HWY_ALIGN uint8_t hues[count][lanes], saturations[count][lanes], values[count][lanes];
};

template <class Maps>
HWY_INLINE void map_to_hsv(const uint8_t *input, size_t count, const Maps &maps, HsvBlocks &blocks) {
  const Bytes tag;
  ByteVector red, green, blue;
  for (size_t i = 0; i < count; ++i) {
    hn::LoadInterleaved3(tag, input + 3 * lanes * i, red, green, blue);
    const Hsv hsv = hsv_of(extremes(red, green, blue));
    hn::Store(maps.hue(hsv.hue), tag, blocks.hues[i]);
    hn::Store(maps.saturation(hsv.saturation), tag, blocks.saturations[i]);
    hn::Store(maps.value(hsv.value), tag, blocks.values[i]);
  }
}

template <bool rounds>
HWY_INLINE void convert_to_rgb(const HsvBlocks &blocks, size_t count, const HuePlaces &hue_places, uint8_t *output) {
  const Bytes tag;
  for (size_t i = 0; i < count; ++i) {
    const Hsv hsv{hn::Load(tag, blocks.hues[i]), hn::Load(tag, blocks.saturations[i]), hn::Load(tag, blocks.values[i])};
    const auto places = hue_places[hsv.hue];
    const Levels levels = levels_of<rounds>(hsv);
    hn::StoreInterleaved3(channel(levels, places, red_is_middle, red_is_least),
                          channel(levels, places, green_is_middle, green_is_least),
                          channel(levels, places, blue_is_middle, blue_is_least), tag, output + 3 * lanes * i);
  }
}

/// Converts `count` vectors of pixels.
template <bool rounds, class Maps>
HWY_INLINE void convert_blocks(const uint8_t *input, uint8_t *output, size_t count, const Maps &maps) {
  HsvBlocks blocks;
  map_to_hsv(input, count, maps, blocks);
  convert_to_rgb<rounds>(blocks, count, maps.places, output);
}

/// Converts `count` pixels.
template <bool rounds, class Maps>
HWY_INLINE void convert(const uint8_t *input, uint8_t *output, size_t count, const Maps &maps) {
  size_t i = 0;
  while (i + lanes <= count) {
    const size_t blocks = HWY_MIN((count - i) / lanes, HsvBlocks::count);
    convert_blocks<rounds>(input + 3 * i, output + 3 * i, blocks, maps);
    i += blocks * lanes;
  }
  if (i == count) return;
  uint8_t pixels[3 * lanes] = {};
  std::memcpy(pixels, input + 3 * i, 3 * (count - i));
  convert_blocks<rounds>(pixels, pixels, 1, maps);
  std::memcpy(output + 3 * i, pixels, 3 * (count - i));
}

template <class Maps>
HWY_INLINE void convert_rows(const View &input, View &output, const Maps &maps) {
  const size_t count = static_cast<size_t>(input.width), whole = count / 32 * 32;
  for (int y = 0; y < input.height; ++y) {
    convert<false>(input.row(y), output.row(y), whole, maps);
    convert<true>(input.row(y) + 3 * whole, output.row(y) + 3 * whole, count - whole, maps);
  }
}

/// Converts to 8-bit HSV, applies the tables and converts back. Same bytes as OpenCV's RGB2HSV and HSV2RGB on a
/// processor with AVX2, where OpenCV truncates levels in blocks of 32 pixels and rounds the rest of the row.
void lookup_hsv(const View &input, View &output, const HsvTables &tables) {
  if (tables.are_shifts) return convert_rows(input, output, ByShifts(tables));
  convert_rows(input, output, ByTables(tables));
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(lookup_hsv);

namespace {

int shifted(int level, HsvTables::Shift shift) { return std::max(std::min(level + shift.up, 255) - shift.down, 0); }

/// The shift that the table may be, by its first level that is not clamped, or by the ends.
HsvTables::Shift shift_of(const uint8_t *table) {
  int difference = table[255] == 0 ? -255 : 255;
  for (int level = 1; level < 256; ++level) {
    if (table[level] > 0 && table[level] < 255) {
      difference = table[level] - level;
      break;
    }
  }
  return {static_cast<uint8_t>(std::max(difference, 0)), static_cast<uint8_t>(std::max(-difference, 0))};
}

}  // namespace

HsvTables::HsvTables(const uint8_t *hues, const uint8_t *saturations, const uint8_t *values) {
  for (int i = 0; i < 256; ++i) hue[i] = hues[(i + 180 - hue_start) % 180];
  std::memcpy(saturation, saturations, sizeof saturation);
  std::memcpy(value, values, sizeof value);
  rotation = hue[0];
  of_saturation = shift_of(saturation);
  of_value = shift_of(value);
  are_shifts = finds_shifts();
}

bool HsvTables::finds_shifts() {
  bool is_same = rotation < 180 && saturation[0] == 0;
  for (int i = 0; i <= 180; ++i) is_same = is_same && hue[i] == (i + rotation) % 180;
  for (int i = 0; i < 256; ++i) is_same = is_same && value[i] == shifted(i, of_value);
  for (int i = 1; i < 256; ++i) is_same = is_same && saturation[i] == shifted(i, of_saturation);
  return is_same;
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
