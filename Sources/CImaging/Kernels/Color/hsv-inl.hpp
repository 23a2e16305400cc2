// Conversion between RGB and 8-bit HSV in vectors, as in OpenCV's `cvtColor`; included once for each instruction set.

#if defined(CIMAGING_HSV_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_HSV_INL_HPP
#undef CIMAGING_HSV_INL_HPP
#else
#define CIMAGING_HSV_INL_HPP
#endif

#include "Kernels/Color/triples-inl.hpp"
#include "Kernels/Color/hsv.hpp"
#include "Kernels/fused-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// 1 - a × b, rounded once.
HWY_INLINE FloatVector one_minus_product(FloatVector a, FloatVector b) {
  return fused(Floats(), hn::Neg(a), b, hn::Set(Floats(), 1.0f));
}

/// Converts a quarter of a vector of bytes to floats: the `k`th four of each sixteen.
HWY_INLINE FloatVector floats(ByteVector bytes, size_t k) {
  HWY_ALIGN static constexpr uint8_t places[4][16] = {
      {0, 128, 128, 128, 1, 128, 128, 128, 2, 128, 128, 128, 3, 128, 128, 128},
      {4, 128, 128, 128, 5, 128, 128, 128, 6, 128, 128, 128, 7, 128, 128, 128},
      {8, 128, 128, 128, 9, 128, 128, 128, 10, 128, 128, 128, 11, 128, 128, 128},
      {12, 128, 128, 128, 13, 128, 128, 128, 14, 128, 128, 128, 15, 128, 128, 128}};
  const auto widened = hn::TableLookupBytesOr0(bytes, hn::LoadDup128(Bytes(), places[k]));
  return hn::ConvertTo(Floats(), hn::BitCast(Integers(), widened));
}

/// Narrows quarters of integers 0 ... 255 to bytes, in the order of `floats`.
HWY_INLINE ByteVector narrow(const IntegerVector (&parts)[4]) {
  return pack(hn::ReorderDemote2To(Shorts(), parts[0], parts[1]), hn::ReorderDemote2To(Shorts(), parts[2], parts[3]));
}

/// The largest of the channels, its difference from the smallest, and the hue in sixths of a circle times that
/// difference.
struct Extremes {
  ByteVector most, range;
  Halves scaled_hue;
};

HWY_INLINE Extremes extremes(ByteVector red, ByteVector green, ByteVector blue) {
  const auto most = hn::Max(red, hn::Max(green, blue));
  const auto range = most - hn::Min(red, hn::Min(green, blue));
  const auto is_red = most == red, is_green = most == green;
  const auto ahead = extend(hn::IfThenElse(is_red, green, hn::IfThenElse(is_green, blue, red)));
  const auto behind = extend(hn::IfThenElse(is_red, blue, hn::IfThenElse(is_green, red, green)));
  const auto past_red = hn::IfThenZeroElse(is_red, range), past_green = hn::IfThenZeroElse(is_green, past_red);
  const auto first = extend(past_red), second = extend(past_green);
  Extremes found{most, range, {}};
  for (int half = 0; half < 2; ++half) {
    const auto sixths = first.half[half] + second.half[half];
    found.scaled_hue.half[half] = ahead.half[half] - behind.half[half] + sixths + sixths;
  }
  return found;
}

/// The `k`th quarter of 16-bit numbers in the order of `floats`, times 65536.
HWY_INLINE FloatVector scaled_floats(const Halves &numbers, size_t k) {
  const auto half = numbers.half[k / 2], zero = hn::Zero(Shorts());
  const auto widened =
      k % 2 == 0 ? hn::InterleaveLower(Shorts(), zero, half) : hn::InterleaveUpper(Shorts(), zero, half);
  return hn::ConvertTo(Floats(), hn::BitCast(Integers(), widened));
}

struct Hsv {
  ByteVector hue, saturation, value;
};

/// Value, saturation and hue plus `hue_start`, in OpenCV's fixed point with 12 fraction bits. All values and products
/// are integers below 2^24, but for powers of two, so floats hold them exactly, and it does not matter whether sums are
/// fused.
HWY_INLINE Hsv hsv_of(const Extremes &extremes) {
  const Floats tag;
  const auto half = hn::Set(tag, 0.5f), unit = hn::Set(tag, 1.0f / 4096), hue_unit = hn::Set(tag, 0x1p-28f);
  const auto hue_offset = hn::Set(tag, 0.5f + hue_start);  // positive, so that truncation rounds down
  const auto one = hn::Set(Bytes(), 1), most = hn::Max(extremes.most, one), some_range = hn::Max(extremes.range, one);
  IntegerVector saturations[4], hues[4];
#pragma unroll
  for (size_t k = 0; k < 4; ++k) {
    const auto range = floats(some_range, k);
    const auto saturation_step = hn::Round(hn::Set(tag, 255.0f * 4096) / floats(most, k));
    const auto hue_step = hn::Round(hn::Set(tag, 30.0f * 4096) / range);
    saturations[k] = truncate(hn::MulAdd(range * saturation_step, unit, half));
    hues[k] = truncate(hn::MulAdd(scaled_floats(extremes.scaled_hue, k) * hue_step, hue_unit, hue_offset));
  }
  const auto is_gray = extremes.range == hn::Zero(Bytes());  // where the divisor is 1 in place of 0
  return {narrow(hues), hn::IfThenZeroElse(is_gray, narrow(saturations)), extremes.most};
}

/// The largest, middle and smallest channel.
struct Levels {
  ByteVector most, middle, least;
};

template <bool rounds>
HWY_INLINE IntegerVector levels(FloatVector values) {
  const auto scaled = values * hn::Set(Floats(), 255.0f);
  return rounds ? hn::NearestInt(scaled) : truncate(scaled);
}

/// The largest is the value: multiplied by 1 / 255 and 255, as in OpenCV, every value gives itself.
template <bool rounds>
HWY_INLINE Levels levels_of(const Hsv &hsv) {
  const Floats tag;
  const auto one = hn::Set(tag, 1.0f), level = hn::Set(tag, 1.0f / 255);
  IntegerVector middle[4], least[4];
#pragma unroll
  for (size_t k = 0; k < 4; ++k) {
    const auto sixths = floats(hsv.hue, k) * hn::Set(tag, sectors_per_hue);
    const auto sector = truncate(sixths);
    // From the start of an odd sector or the end of an even one.
    const auto distance = hn::Abs(sixths - hn::ConvertTo(tag, hn::Or(sector, hn::Set(Integers(), 1))));
    const auto saturation = floats(hsv.saturation, k) * level, value = floats(hsv.value, k) * level;
    auto share = one_minus_product(saturation, distance);
    if (rounds) {
      // In OpenCV's scalar code, the compiler fused only one of the two.
      const auto is_odd = hn::RebindMask(tag, hn::TestBit(sector, hn::Set(Integers(), 1)));
      share = hn::IfThenElse(is_odd, share, one - saturation * distance);
    }
    middle[k] = levels<rounds>(value * share);
    least[k] = levels<rounds>(value * (one - saturation));
  }
  return {hsv.value, narrow(middle), narrow(least)};
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
HWY_INLINE ByteVector channel(const Levels &levels, ByteVector places, HsvPlace is_middle, HsvPlace is_least) {
  const Bytes tag;
  const auto high = hn::IfThenElse(hn::TestBit(places, hn::Set(tag, is_middle)), levels.middle, levels.most);
  return hn::IfThenElse(hn::TestBit(places, hn::Set(tag, is_least)), levels.least, high);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
