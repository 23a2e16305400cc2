// Floats for filters, for each instruction set: bytes to floats and back, products added without being rounded first.

#if defined(CIMAGING_FUSED_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_FUSED_INL_HPP
#undef CIMAGING_FUSED_INL_HPP
#else
#define CIMAGING_FUSED_INL_HPP
#endif

#include <hwy/highway.h>

#include <bit>

#include "Filters/reflected.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using Floats = hn::ScalableTag<float>;
using FloatVector = hn::Vec<Floats>;

#if !HWY_NATIVE_FMA

/// The sum of two vectors, where it is inexact the neighbour whose last bit is set: rounded again to a shorter format
/// it is what the exact sum is when rounded once (Boldo and Melquiond, Emulation of FMA and correctly rounded sums,
/// 2008).
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

/// As `fused`, of half the floats, by way of doubles, in which a product of floats is exact. Only a sum that lies
/// halfway between two floats could be rounded wrongly the second time.
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

/// As `fused`, of doubles, where `value` is a whole number of up to 9 bits (Boldo and Melquiond, as above).
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

template <typename Doubles, typename V = hn::Vec<Doubles>>
HWY_INLINE V fused_whole(Doubles, V weight, V value, V sum) {
  return hn::MulAdd(weight, value, sum);
}

#endif

/// `weight` × `value` + `sum`, rounded once, on every processor.
HWY_INLINE FloatVector fused(FloatVector weight, FloatVector value, FloatVector sum) {
#if HWY_NATIVE_FMA
  return hn::MulAdd(weight, value, sum);
#else
  const Floats floats;
  const hn::Half<Floats> half;
  const auto low = fused_half(half, hn::LowerHalf(half, weight), hn::LowerHalf(half, value), hn::LowerHalf(half, sum));
  const auto high = fused_half(half, hn::UpperHalf(half, weight), hn::UpperHalf(half, value), hn::UpperHalf(half, sum));
  return hn::Combine(floats, high, low);
#endif
}

/// Two vectors of floats: of the even places of a stretch of a row, and of the odd ones.
struct Pair {
  FloatVector even, odd;
};

/// Values in a pair of vectors.
constexpr size_t pair_length = 2 * hn::MaxLanes(Floats());

/// The upper half of a byte as a float; the lower one is zero. Rows are kept as these: two vectors of floats come with
/// one load, and loads at odd places are what filters along rows wait for.
inline uint16_t upper_half(uint8_t byte) {
  return static_cast<uint16_t>(std::bit_cast<uint32_t>(static_cast<float>(byte)) >> 16);
}

/// `pair_length` bytes as floats.
HWY_INLINE Pair widen_pair(const uint8_t *bytes) {
  const Floats floats;
  const hn::RebindToSigned<Floats> integers;
  const hn::Repartition<uint16_t, Floats> shorts;
  const hn::Rebind<uint8_t, decltype(shorts)> narrow;
  const auto both = hn::BitCast(integers, hn::PromoteTo(shorts, hn::LoadU(narrow, bytes)));
  return {hn::ConvertTo(floats, hn::And(both, hn::Set(integers, 255))),
          hn::ConvertTo(floats, hn::ShiftRight<16>(both))};
}

/// Bytes to upper halves.
inline void widen(const uint8_t *bytes, uint16_t *halves, size_t count) {
  const hn::RebindToUnsigned<Floats> integers;
  const hn::Repartition<uint16_t, Floats> shorts;
  size_t i = 0;
  for (; i + pair_length <= count; i += pair_length) {
    const Pair values = widen_pair(bytes + i);
    const auto even = hn::BitCast(integers, values.even), odd = hn::BitCast(integers, values.odd);
    hn::StoreU(hn::BitCast(shorts, hn::Or(odd, hn::ShiftRight<16>(even))), shorts, halves + i);
  }
  for (; i < count; ++i) halves[i] = upper_half(bytes[i]);
}

/// A stretch of a row as upper halves.
inline void widen(const Stretch &stretch, const uint8_t *row, uint16_t *halves) {
  for (const int place : stretch.left) *halves++ = upper_half(row[place]);
  widen(row + stretch.start, halves, static_cast<size_t>(stretch.inside));
  halves += stretch.inside;
  for (const int place : stretch.right) *halves++ = upper_half(row[place]);
}

/// `pair_length` floats from upper halves.
HWY_INLINE Pair load_pair(const uint16_t *halves) {
  const Floats floats;
  const hn::RebindToUnsigned<Floats> integers;
  const auto both = hn::BitCast(integers, hn::LoadU(hn::Repartition<uint16_t, Floats>(), halves));
  return {hn::BitCast(floats, hn::ShiftLeft<16>(both)),
          hn::BitCast(floats, hn::And(both, hn::Set(integers, 0xFFFF0000u)))};
}

/// A float to the nearest whole number, of two the even one, and this to 0 ... 255.
HWY_INLINE hn::Vec<hn::RebindToSigned<Floats>> to_byte(FloatVector value) {
  const hn::RebindToSigned<Floats> integers;
  return hn::Min(hn::Max(hn::NearestInt(value), hn::Zero(integers)), hn::Set(integers, 255));
}

/// Stores `pair_length` floats as bytes.
HWY_INLINE void store_bytes(FloatVector even, FloatVector odd, uint8_t *output) {
  const hn::Repartition<int16_t, Floats> shorts;
  const hn::Rebind<uint8_t, decltype(shorts)> narrow;
  const auto both = hn::BitCast(shorts, hn::Or(to_byte(even), hn::ShiftLeft<16>(to_byte(odd))));
  hn::StoreU(hn::DemoteTo(narrow, both), narrow, output);
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
