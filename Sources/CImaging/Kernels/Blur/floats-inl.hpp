// Conversion of bytes to floats and back for filters; included once for each instruction set.

#if defined(CIMAGING_FLOATS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_FLOATS_INL_HPP
#undef CIMAGING_FLOATS_INL_HPP
#else
#define CIMAGING_FLOATS_INL_HPP
#endif

#include <hwy/highway.h>

#include <bit>

#include "Kernels/Blur/reflected.hpp"
#include "Kernels/Color/bytes-inl.hpp"
#include "Kernels/fused-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

HWY_INLINE FloatVector fused(FloatVector weight, FloatVector value, FloatVector sum) {
  return HWY_NAMESPACE::fused(Floats(), weight, value, sum);
}

/// Two vectors of floats: the even positions of part of a row, and the odd ones.
struct FloatPair {
  FloatVector even, odd;
};

/// Number of values in a pair of vectors.
constexpr size_t pair_length = 2 * hn::MaxLanes(Floats());

/// The upper 16 bits of a byte converted to float; the lower 16 are zero. Rows are stored this way so that one load
/// gives two vectors of floats, because unaligned loads limit the speed of row filters.
inline uint16_t upper_half(uint8_t byte) {
  return static_cast<uint16_t>(std::bit_cast<uint32_t>(static_cast<float>(byte)) >> 16);
}

/// Loads `pair_length` bytes as floats.
HWY_INLINE FloatPair widen_pair(const uint8_t *bytes) {
  const Floats floats;
  const hn::RebindToSigned<Floats> integers;
  const hn::Repartition<uint16_t, Floats> shorts;
  const hn::Rebind<uint8_t, decltype(shorts)> narrow;
  const auto both = hn::BitCast(integers, hn::PromoteTo(shorts, hn::LoadU(narrow, bytes)));
  return {hn::ConvertTo(floats, hn::And(both, hn::Set(integers, 255))),
          hn::ConvertTo(floats, hn::ShiftRight<16>(both))};
}

/// Converts bytes to upper halves.
inline void widen(const uint8_t *bytes, uint16_t *halves, size_t count) {
  const hn::RebindToUnsigned<Floats> integers;
  const hn::Repartition<uint16_t, Floats> shorts;
  size_t i = 0;
  for (; i + pair_length <= count; i += pair_length) {
    const FloatPair values = widen_pair(bytes + i);
    const auto even = hn::BitCast(integers, values.even), odd = hn::BitCast(integers, values.odd);
    hn::StoreU(hn::BitCast(shorts, hn::Or(odd, hn::ShiftRight<16>(even))), shorts, halves + i);
  }
  for (; i < count; ++i) halves[i] = upper_half(bytes[i]);
}

/// Converts a stretch of a row to upper halves.
inline void widen(const Stretch &stretch, const uint8_t *row, uint16_t *halves) {
  for (const int place : stretch.left) *halves++ = upper_half(row[place]);
  widen(row + stretch.start, halves, static_cast<size_t>(stretch.inside));
  halves += stretch.inside;
  for (const int place : stretch.right) *halves++ = upper_half(row[place]);
}

/// Loads `pair_length` floats from upper halves.
HWY_INLINE FloatPair load_pair(const uint16_t *halves) {
  const Floats floats;
  const hn::RebindToUnsigned<Floats> integers;
  const auto both = hn::BitCast(integers, hn::LoadU(hn::Repartition<uint16_t, Floats>(), halves));
  return {hn::BitCast(floats, hn::ShiftLeft<16>(both)),
          hn::BitCast(floats, hn::And(both, hn::Set(integers, 0xFFFF0000u)))};
}

/// Rounds half to even and clamps to 0 ... 255 two pairs of floats, less than 2³¹. In each 16 bytes of the result come
/// even and odd values of the first pair, then of the second, until they are ordered.
HWY_INLINE ByteVector narrow(FloatPair first, FloatPair second) {
  const auto both = hn::ReorderDemote2To(Shorts(), nearest(first.even), nearest(first.odd));
  const auto others = hn::ReorderDemote2To(Shorts(), nearest(second.even), nearest(second.odd));
  alignas(16) static constexpr uint8_t order[16] = {0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15};
  return in_order(hn::TableLookupBytes(pack(both, others), hn::LoadDup128(Bytes(), order)));
}

/// Stores two pairs one after the other.
HWY_INLINE void store_bytes(FloatPair first, FloatPair second, uint8_t *output) {
  hn::StoreU(narrow(first, second), Bytes(), output);
}

/// Stores two pairs in two rows.
HWY_INLINE void store_bytes(FloatPair above, FloatPair below, uint8_t *upper, uint8_t *lower) {
  const hn::Half<Bytes> half;
  const ByteVector bytes = narrow(above, below);
  hn::StoreU(hn::LowerHalf(half, bytes), half, upper);
  hn::StoreU(hn::UpperHalf(half, bytes), half, lower);
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
