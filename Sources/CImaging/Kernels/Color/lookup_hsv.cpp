#include <cstring>

#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/lookup_hsv.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"
#include "Kernels/fused-inl.hpp"

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

namespace {

constexpr float sectors_per_hue = 6.0f / 180;
constexpr int hue_start = 30;  // added to hues so that none is negative

// Bits of `places`. If neither of a channel's bits is set, the channel takes the largest of the three values.
enum Place : uint8_t {
  red_is_middle = 1,
  green_is_middle = 2,
  blue_is_middle = 4,
  red_is_least = 8,
  green_is_least = 16,
  blue_is_least = 32
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Intermediate values of `lanes` pixels between the steps.
struct Block {
  HWY_ALIGN uint8_t first[lanes], second[lanes], third[lanes];
  HWY_ALIGN int16_t scaled_hue[lanes];
};

template <class T>
HWY_INLINE FloatVector floats(const T *numbers) {
  return hn::ConvertTo(Floats(), hn::PromoteTo(Integers(), hn::Load(hn::Rebind<T, Integers>(), numbers)));
}

/// 1 - a × b, rounded once.
HWY_INLINE FloatVector one_minus_product(FloatVector a, FloatVector b) {
  return fused(Floats(), hn::Neg(a), b, hn::Set(Floats(), 1.0f));
}

/// From RGB: `first` becomes the largest channel, `second` its difference from the smallest, `scaled_hue` the hue in
/// sixths of a circle times that difference.
HWY_INLINE void find_extremes(ByteVector red, ByteVector green, ByteVector blue, Block &block) {
  const Bytes tag;
  const auto most = hn::Max(red, hn::Max(green, blue));
  const auto range = most - hn::Min(red, hn::Min(green, blue));
  const auto is_red = most == red, is_green = most == green;
  const auto ahead = hn::IfThenElse(is_red, green, hn::IfThenElse(is_green, blue, red));
  const auto behind = hn::IfThenElse(is_red, blue, hn::IfThenElse(is_green, red, green));
  const auto past_red = hn::IfThenZeroElse(is_red, range), past_green = hn::IfThenZeroElse(is_green, past_red);
  const hn::RepartitionToWide<Bytes> wide;
  const hn::RebindToSigned<decltype(wide)> signed_wide;
  const hn::Half<Bytes> half;
  const auto scaled_hue = [&](auto part) {
    const auto sixths = hn::PromoteTo(wide, part(past_red)) + hn::PromoteTo(wide, part(past_green));
    const auto difference = hn::PromoteTo(wide, part(ahead)) - hn::PromoteTo(wide, part(behind));
    return hn::BitCast(signed_wide, difference + sixths + sixths);
  };
  hn::Store(scaled_hue([&](auto bytes) { return hn::LowerHalf(half, bytes); }), signed_wide, block.scaled_hue);
  hn::Store(scaled_hue([&](auto bytes) { return hn::UpperHalf(half, bytes); }), signed_wide,
            block.scaled_hue + lanes / 2);
  hn::Store(most, tag, block.first);
  hn::Store(range, tag, block.second);
}

/// From extremes to saturation (`second`) and hue plus `hue_start` (`third`), in OpenCV's fixed point with 12 fraction
/// bits. All values and products are integers below 2^24, so floats hold them exactly.
HWY_INLINE void divide(Block &block) {
  const Floats tag;
  const auto one = hn::Set(tag, 1.0f), half = hn::Set(tag, 0.5f), unit = hn::Set(tag, 1.0f / 4096);
  const auto hue_offset = hn::Set(tag, 0.5f + hue_start);  // positive, so that truncation rounds down
  IntegerVector saturations[4], hues[4];
#pragma unroll
  for (size_t k = 0; k < 4; ++k) {
    const size_t i = k * quarter;
    const auto range = floats(block.second + i);
    const auto saturation_step = hn::Round(hn::Set(tag, 255.0f * 4096) / hn::Max(floats(block.first + i), one));
    const auto hue_step = hn::Round(hn::Set(tag, 30.0f * 4096) / hn::Max(range, one));
    const auto saturation = range * saturation_step * unit + half;
    const auto hue = floats(block.scaled_hue + i) * hue_step * unit + hue_offset;
    saturations[k] = truncate(saturation);
    hues[k] = truncate(hue);
  }
  hn::Store(join(saturations), Bytes(), block.second);
  hn::Store(join(hues), Bytes(), block.third);
}

template <bool rounds>
HWY_INLINE IntegerVector levels(FloatVector values) {
  const auto scaled = values * hn::Set(Floats(), 255.0f);
  return rounds ? hn::NearestInt(scaled) : truncate(scaled);
}

/// From value (`first`), saturation (`second`) and hue (`third`) to the largest, middle and smallest channel.
template <bool rounds>
HWY_INLINE void multiply(Block &block) {
  const Floats tag;
  const Integers integers;
  const auto one = hn::Set(tag, 1.0f), level = hn::Set(tag, 1.0f / 255);
  IntegerVector most[4], middle[4], least[4];
#pragma unroll
  for (size_t k = 0; k < 4; ++k) {
    const size_t i = k * quarter;
    const auto sixths = floats(block.third + i) * hn::Set(tag, sectors_per_hue);
    const auto sector = truncate(sixths);
    const auto is_odd = hn::RebindMask(tag, hn::TestBit(sector, hn::Set(integers, 1)));
    const auto past = sixths - hn::ConvertTo(tag, sector);
    const auto distance = hn::IfThenElse(is_odd, past, one - past);
    const auto saturation = floats(block.second + i) * level, value = floats(block.first + i) * level;
    auto share = one_minus_product(saturation, distance);
    // In OpenCV's scalar code, the compiler fused only one of the two.
    if (rounds) share = hn::IfThenElse(is_odd, share, one - saturation * distance);
    most[k] = levels<rounds>(value);
    middle[k] = levels<rounds>(value * share);
    least[k] = levels<rounds>(value * (one - saturation));
  }
  hn::Store(join(most), Bytes(), block.first);
  hn::Store(join(middle), Bytes(), block.second);
  hn::Store(join(least), Bytes(), block.third);
}

/// The channel whose bits in `places` are `is_middle` and `is_least`.
HWY_INLINE ByteVector channel(const Block &block, ByteVector places, Place is_middle, Place is_least) {
  const Bytes tag;
  const auto middle = hn::IfThenElse(hn::TestBit(places, hn::Set(tag, is_middle)), hn::Load(tag, block.second),
                                     hn::Load(tag, block.first));
  return hn::IfThenElse(hn::TestBit(places, hn::Set(tag, is_least)), hn::Load(tag, block.third), middle);
}

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
  static constexpr uint8_t of_sector[6] = {green_is_middle | blue_is_least, red_is_middle | blue_is_least,
                                           blue_is_middle | red_is_least,   green_is_middle | red_is_least,
                                           red_is_middle | green_is_least,  blue_is_middle | green_is_least};
  for (int i = 0; i < 256; ++i) {
    hue[i] = hues[(i + 180 - hue_start) % 180];
    places[i] = of_sector[static_cast<int>(static_cast<float>(hue[i]) * sectors_per_hue) % 6];
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
