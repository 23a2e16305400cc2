// Conversion between RGB and HLS in vectors of floats, as in OpenCV's `cvtColor`; included once for each instruction
// set.

#if defined(CIMAGING_HLS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_HLS_INL_HPP
#undef CIMAGING_HLS_INL_HPP
#else
#define CIMAGING_HLS_INL_HPP
#endif

#include <hwy/highway.h>

#include "Kernels/fused-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// For vectors of all floats, or of as many as there are doubles.
template <class Floats>
struct Hls {
  using Integers = hn::RebindToSigned<Floats>;
  using Float = hn::Vec<Floats>;

  /// Red, green and blue in 0 ... 1, or hue, lightness and saturation.
  struct Three {
    Float first, second, third;
  };

  /// Hue in degrees. OpenCV `RGB2HLS_f`.
  static HWY_INLINE Three from_rgb(Three rgb) {
    const auto [r, g, b] = rgb;
    const Float largest = hn::Max(hn::Max(r, g), b), smallest = hn::Min(hn::Min(r, g), b);
    const Float difference = hn::Sub(largest, smallest), sum = hn::Add(largest, smallest);
    const Float lightness = hn::Mul(sum, constant(0.5f));
    const auto is_dark = hn::Lt(lightness, constant(0.5f));
    const Float saturation = hn::Div(difference, hn::IfThenElse(is_dark, sum, hn::Sub(constant(2), sum)));
    const auto is_red = hn::Eq(largest, r), is_green = hn::Eq(largest, g);
    const Float side = hn::IfThenElse(is_red, hn::Sub(g, b), hn::IfThenElse(is_green, hn::Sub(b, r), hn::Sub(r, g)));
    const Float start = hn::IfThenElse(is_red, hn::IfThenElseZero(hn::Lt(g, b), constant(360)),
                                       hn::IfThenElse(is_green, constant(120), constant(240)));
    const Float hue = fused_once(side, hn::Div(constant(60), difference), start);
    const auto has_hue = hn::Gt(difference, constant(0x1p-23f));
    return {hn::IfThenElseZero(has_hue, hue), lightness, hn::IfThenElseZero(has_hue, saturation)};
  }

  /// `sixths_per_hue` converts hues to sixths of a circle. OpenCV `HLS2RGB_f`.
  static HWY_INLINE Three to_rgb(Three hls, float sixths_per_hue) {
    const auto [hue, lightness, saturation] = hls;
    const Float product = hn::Mul(lightness, saturation);
    const Float reach = hn::IfThenElse(hn::Le(lightness, constant(0.5f)), product, hn::Sub(saturation, product));
    const Float sixths = hn::Mul(hue, constant(sixths_per_hue)), whole = truncated(sixths);
    const Float circles = truncated(hn::Mul(sixths, constant(1.0f / 6)));
    const Float sector = hn::Sub(whole, hn::Mul(constant(6), circles)), part = hn::Sub(sixths, whole);
    const Float twice = hn::Add(part, part);
    const Float high = hn::Add(lightness, reach), low = hn::Sub(lightness, reach);
    const Float falling = fused_once(hn::Neg(reach), twice, high), rising = fused_once(reach, twice, low);
    const auto below_1 = hn::Lt(sector, constant(1)), below_2 = hn::Lt(sector, constant(2));
    const auto to_2 = hn::Le(sector, constant(2)), below_4 = hn::Lt(sector, constant(4));
    const auto to_4 = hn::Le(sector, constant(4));
    const auto chosen = [](auto mask, Float yes, Float no) { return hn::IfThenElse(mask, yes, no); };
    return {chosen(below_1, high, chosen(below_2, falling, chosen(below_4, low, chosen(to_4, rising, high)))),
            chosen(below_1, rising, chosen(to_2, high, chosen(below_4, falling, low))),
            chosen(below_2, low, chosen(to_2, rising, chosen(to_4, high, falling)))};
  }

 private:
  static HWY_INLINE Float constant(float value) { return hn::Set(Floats(), value); }

  static HWY_INLINE Float truncated(Float value) { return hn::ConvertTo(Floats(), hn::ConvertTo(Integers(), value)); }

  /// a · b + c, rounded once; bytes depend on it.
  static HWY_INLINE Float fused_once(Float a, Float b, Float c) {
    if constexpr (hn::MaxLanes(Floats()) == hn::MaxLanes(hn::ScalableTag<float>())) {
      return fused(Floats(), a, b, c);
    } else {
      return fused_half(Floats(), a, b, c);
    }
  }
};

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
