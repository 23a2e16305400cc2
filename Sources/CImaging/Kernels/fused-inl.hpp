// Fused multiply-add; included once for each instruction set. Emulated where the processor has no such instruction, so
// that bytes that depend on it are the same everywhere.

#if defined(CIMAGING_FUSED_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_FUSED_INL_HPP
#undef CIMAGING_FUSED_INL_HPP
#else
#define CIMAGING_FUSED_INL_HPP
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if !HWY_NATIVE_FMA

/// The sum of two vectors, rounded to odd: an inexact sum becomes the neighbour whose last bit is set. Rounding that to
/// a shorter format gives the same as rounding the exact sum once (Boldo and Melquiond, Emulation of FMA and correctly
/// rounded sums, 2008).
template <typename Doubles, typename V = hn::Vec<Doubles>>
HWY_INLINE V sum_to_odd(Doubles doubles, V a, V b) {
  const hn::RebindToSigned<Doubles> integers;
  const V sum = hn::Add(a, b), part = hn::Sub(sum, a);
  const V error = hn::Add(hn::Sub(a, hn::Sub(sum, part)), hn::Sub(b, part));
  const auto bits = hn::BitCast(integers, sum), one = hn::Set(integers, 1);
  const auto is_opposite = hn::BroadcastSignBit(hn::Xor(bits, hn::BitCast(integers, error)));
  const auto step = hn::AndNot(bits, one);  // 1 where the sum is even
  const auto toward = hn::Sub(hn::Xor(step, is_opposite), is_opposite);
  const auto is_inexact = hn::RebindMask(integers, hn::Ne(error, hn::Zero(doubles)));
  return hn::BitCast(doubles, hn::Add(bits, hn::IfThenElseZero(is_inexact, toward)));
}

/// As `fused`, for as many floats as a vector holds doubles. Computes in doubles, where a product of floats is exact;
/// only a sum halfway between two floats could be rounded wrongly the second time.
template <typename Half, typename V = hn::Vec<Half>>
HWY_INLINE V fused_half(Half half, V weight, V value, V sum) {
  const hn::Rebind<double, Half> doubles;
  const hn::RebindToSigned<decltype(doubles)> integers;
  const auto product = hn::Mul(hn::PromoteTo(doubles, weight), hn::PromoteTo(doubles, value));
  const auto previous = hn::PromoteTo(doubles, sum), rounded = hn::Add(product, previous);
  const auto rest = hn::And(hn::BitCast(integers, rounded), hn::Set(integers, 0x1FFFFFFF));
  if (HWY_LIKELY(hn::AllFalse(integers, hn::Eq(rest, hn::Set(integers, 0x10000000))))) {
    return hn::DemoteTo(half, rounded);
  }
  return hn::DemoteTo(half, sum_to_odd(doubles, product, previous));
}

/// As `fused`, for doubles, where `value` is an integer of at most 9 bits (Boldo and Melquiond, as above).
template <typename Doubles, typename V = hn::Vec<Doubles>>
HWY_INLINE V fused_whole(Doubles doubles, V weight, V value, V sum) {
  const hn::RebindToUnsigned<Doubles> integers;
  const V high = hn::BitCast(doubles, hn::And(hn::BitCast(integers, weight), hn::Set(integers, ~uint64_t{511})));
  const V product = hn::Mul(high, value), rest = hn::Mul(hn::Sub(weight, high), value);  // both exact
  const V low = hn::Add(sum, rest), low_part = hn::Sub(low, sum);
  const V low_error = hn::Add(hn::Sub(sum, hn::Sub(low, low_part)), hn::Sub(rest, low_part));
  const V high_sum = hn::Add(product, low), high_part = hn::Sub(high_sum, product);
  const V high_error = hn::Add(hn::Sub(product, hn::Sub(high_sum, high_part)), hn::Sub(low, high_part));
  return hn::Add(high_sum, sum_to_odd(doubles, low_error, high_error));
}

#else

template <typename Half, typename V = hn::Vec<Half>>
HWY_INLINE V fused_half(Half, V weight, V value, V sum) {
  return hn::MulAdd(weight, value, sum);
}

template <typename Doubles, typename V = hn::Vec<Doubles>>
HWY_INLINE V fused_whole(Doubles, V weight, V value, V sum) {
  return hn::MulAdd(weight, value, sum);
}

#endif

/// `weight` × `value` + `sum` in floats, rounded once on every processor.
template <typename Floats, typename V = hn::Vec<Floats>>
HWY_INLINE V fused(Floats floats, V weight, V value, V sum) {
#if HWY_NATIVE_FMA
  return hn::MulAdd(weight, value, sum);
#else
  const hn::Half<Floats> half;
  const auto low = fused_half(half, hn::LowerHalf(half, weight), hn::LowerHalf(half, value), hn::LowerHalf(half, sum));
  const auto high = fused_half(half, hn::UpperHalf(half, weight), hn::UpperHalf(half, value), hn::UpperHalf(half, sum));
  return hn::Combine(floats, high, low);
#endif
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
