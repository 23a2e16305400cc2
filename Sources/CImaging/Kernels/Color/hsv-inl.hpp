// Conversion between RGB and 8-bit HSV in vectors, as in OpenCV's `cvtColor`; included once for each instruction set.

#if defined(CIMAGING_HSV_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_HSV_INL_HPP
#undef CIMAGING_HSV_INL_HPP
#else
#define CIMAGING_HSV_INL_HPP
#endif

#include "Kernels/Color/bytes-inl.hpp"
#include "Kernels/Color/hsv.hpp"
#include "Kernels/fused-inl.hpp"

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

/// Where `bytes` are at least `least`.
HWY_INLINE hn::Mask<Bytes> reaches(ByteVector bytes, ByteVector least) { return hn::Eq(hn::Max(bytes, least), bytes); }

/// Which value each channel takes, by hue. Among sixteen neighbouring hues the sector changes once at most, so that
/// three tables of sixteen hold all.
class HuePlaces {
 public:
  HWY_INLINE HuePlaces() {
    HWY_ALIGN uint8_t first[16], second[16], changes[16];
    for (int k = 0; k < 16; ++k) {
      first[k] = hsv_places(static_cast<uint8_t>(16 * k));
      second[k] = hsv_places(static_cast<uint8_t>(16 * k + 15));
      int change = 16 * k;
      while (change < 16 * k + 15 && hsv_places(static_cast<uint8_t>(change)) == first[k]) ++change;
      changes[k] = static_cast<uint8_t>(change);
    }
    before = hn::LoadDup128(Bytes(), first);
    after = hn::LoadDup128(Bytes(), second);
    change = hn::LoadDup128(Bytes(), changes);
  }

  HWY_INLINE ByteVector operator[](ByteVector hues) const {
    const auto block = hn::ShiftRight<4>(hues);
    const auto is_past = reaches(hues, hn::TableLookupBytes(change, block));
    return hn::IfThenElse(is_past, hn::TableLookupBytes(after, block), hn::TableLookupBytes(before, block));
  }

 private:
  ByteVector before, after, change;
};

/// The channel whose bits in `places` are `is_middle` and `is_least`.
HWY_INLINE ByteVector channel(const Block &block, ByteVector places, HsvPlace is_middle, HsvPlace is_least) {
  const Bytes tag;
  const auto middle = hn::IfThenElse(hn::TestBit(places, hn::Set(tag, is_middle)), hn::Load(tag, block.second),
                                     hn::Load(tag, block.first));
  return hn::IfThenElse(hn::TestBit(places, hn::Set(tag, is_least)), hn::Load(tag, block.third), middle);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
