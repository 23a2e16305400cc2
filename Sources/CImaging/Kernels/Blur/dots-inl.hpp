// Sums of products of bytes or 16-bit halves and integer taps; included once for each instruction set.

#if defined(CIMAGING_DOTS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_DOTS_INL_HPP
#undef CIMAGING_DOTS_INL_HPP
#else
#define CIMAGING_DOTS_INL_HPP
#endif

#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using UnsignedShorts = hn::ScalableTag<uint16_t>;
using UnsignedShortVector = hn::Vec<UnsignedShorts>;
using Sums = hn::Repartition<int32_t, UnsignedShorts>;
using SumVector = hn::Vec<Sums>;

/// Two vectors of 16 bits from one of bytes: in each 128 bits the lower half, and the upper half. Filtered rows are
/// kept in this order, which `pack` reverses.
struct Halves {
  UnsignedShortVector lower, upper;
};

HWY_INLINE Halves interleave(ByteVector even, ByteVector odd) {
  const UnsignedShorts shorts;
  return {hn::BitCast(shorts, hn::InterleaveLower(Bytes(), even, odd)),
          hn::BitCast(shorts, hn::InterleaveUpper(Bytes(), even, odd))};
}

/// In each 16 bits: the product of the lower bytes plus that of the upper bytes. `taps` sum to at most 128, so that the
/// sum never reaches the sign bit.
HWY_INLINE UnsignedShortVector dot_bytes(UnsignedShortVector values, UnsignedShortVector taps) {
#if HWY_TARGET == HWY_AVX3
  return UnsignedShortVector{_mm512_maddubs_epi16(values.raw, taps.raw)};
#elif HWY_TARGET == HWY_AVX2
  return UnsignedShortVector{_mm256_maddubs_epi16(values.raw, taps.raw)};
#elif HWY_TARGET == HWY_SSE4
  return UnsignedShortVector{_mm_maddubs_epi16(values.raw, taps.raw)};
#else
  const UnsignedShortVector low = hn::Set(UnsignedShorts(), 255);
  return hn::Add(hn::Mul(hn::And(values, low), hn::And(taps, low)),
                 hn::Mul(hn::ShiftRight<8>(values), hn::ShiftRight<8>(taps)));
#endif
}

/// Adds, in each 32 bits, the product of the lower halves and that of the upper halves.
HWY_INLINE SumVector add_dot(SumVector sum, UnsignedShortVector values, SumVector taps) {
  const hn::Repartition<int16_t, UnsignedShorts> halves;
  SumVector rest = hn::Zero(Sums());
  const SumVector products = hn::ReorderWidenMulAccumulate(Sums(), hn::BitCast(halves, values),
                                                           hn::BitCast(halves, taps), hn::Zero(Sums()), rest);
  return hn::Add(sum, hn::RearrangeToOddPlusEven(products, rest));
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
