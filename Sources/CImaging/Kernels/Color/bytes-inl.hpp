// Vectors of bytes: conversion to and from wider types, and table lookups; included once for each instruction set.

#include <cstdint>
#include <hwy/highway.h>

#if defined(CIMAGING_BYTES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_BYTES_INL_HPP
#undef CIMAGING_BYTES_INL_HPP
#else
#define CIMAGING_BYTES_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Bytes = hn::ScalableTag<uint8_t>;
using Integers = hn::ScalableTag<int32_t>;
using Floats = hn::ScalableTag<float>;
using ByteVector = hn::Vec<Bytes>;
using Shorts = hn::ScalableTag<int16_t>;
using ShortVector = hn::Vec<Shorts>;
using IntegerVector = hn::Vec<Integers>;
using FloatVector = hn::Vec<Floats>;

constexpr size_t lanes = hn::MaxLanes(Bytes());
constexpr size_t quarter = hn::MaxLanes(Integers());

/// Truncates to integers without Highway's handling of out-of-range values, which takes three instructions.
HWY_INLINE IntegerVector truncate(FloatVector numbers) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return IntegerVector{_mm512_cvttps_epi32(numbers.raw)};
#elif HWY_TARGET == HWY_AVX2
  return IntegerVector{_mm256_cvttps_epi32(numbers.raw)};
#elif HWY_TARGET == HWY_SSE4
  return IntegerVector{_mm_cvttps_epi32(numbers.raw)};
#else
  return hn::ConvertTo(Integers(), numbers);
#endif
}

/// Rounds half to even, likewise.
HWY_INLINE IntegerVector nearest(FloatVector numbers) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return IntegerVector{_mm512_cvtps_epi32(numbers.raw)};
#elif HWY_TARGET == HWY_AVX2
  return IntegerVector{_mm256_cvtps_epi32(numbers.raw)};
#elif HWY_TARGET == HWY_SSE4
  return IntegerVector{_mm_cvtps_epi32(numbers.raw)};
#else
  return hn::NearestInt(numbers);
#endif
}

/// Narrows four vectors of integers 0 ... 255 to bytes, in order.
HWY_INLINE ByteVector join(const IntegerVector (&parts)[4]) {
  const auto a = parts[0], b = parts[1], c = parts[2], d = parts[3];
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  const auto packed = _mm512_packus_epi16(_mm512_packs_epi32(a.raw, b.raw), _mm512_packs_epi32(c.raw, d.raw));
  const auto order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  return ByteVector{_mm512_permutexvar_epi32(order, packed)};
#elif HWY_TARGET == HWY_AVX2
  const auto packed = _mm256_packus_epi16(_mm256_packs_epi32(a.raw, b.raw), _mm256_packs_epi32(c.raw, d.raw));
  return ByteVector{_mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7))};
#elif HWY_TARGET == HWY_SSE4
  return ByteVector{_mm_packus_epi16(_mm_packs_epi32(a.raw, b.raw), _mm_packs_epi32(c.raw, d.raw))};
#else
  const hn::Rebind<uint8_t, Integers> narrow;
  const hn::Half<Bytes> half;
  return hn::Combine(Bytes(), hn::Combine(half, hn::DemoteTo(narrow, d), hn::DemoteTo(narrow, c)),
                     hn::Combine(half, hn::DemoteTo(narrow, b), hn::DemoteTo(narrow, a)));
#endif
}

/// Narrows 0 ... 255 to bytes. In each 128 bits the lower half comes from `lower`, which reverses `InterleaveLower` and
/// `InterleaveUpper` of bytes.
HWY_INLINE ByteVector pack(ShortVector lower, ShortVector upper) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return ByteVector{_mm512_packus_epi16(lower.raw, upper.raw)};
#elif HWY_TARGET == HWY_AVX2
  return ByteVector{_mm256_packus_epi16(lower.raw, upper.raw)};
#elif HWY_TARGET == HWY_SSE4
  return ByteVector{_mm_packus_epi16(lower.raw, upper.raw)};
#else
  const hn::Rebind<uint8_t, Shorts> half;
  return hn::Combine(Bytes(), hn::DemoteTo(half, upper), hn::DemoteTo(half, lower));
#endif
}

/// Orders what `pack` gives: all that comes from `lower`, then all from `upper`.
HWY_INLINE ByteVector in_order(ByteVector packed) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return ByteVector{_mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), packed.raw)};
#elif HWY_TARGET == HWY_AVX2
  return ByteVector{_mm256_permute4x64_epi64(packed.raw, _MM_SHUFFLE(3, 1, 2, 0))};
#else
  return packed;
#endif
}

/// A lookup table of 256 bytes, held in registers if possible.
class ByteTable {
 public:
#if HWY_TARGET == HWY_AVX3_DL

  HWY_INLINE explicit ByteTable(const uint8_t *table) {
    for (size_t k = 0; k < 4; ++k) parts[k] = hn::LoadU(Bytes(), table + 64 * k);
  }

  /// Two permutations of 128 bytes each; the top bit of a byte selects one.
  HWY_INLINE ByteVector operator[](ByteVector bytes) const {
    const auto low = _mm512_permutex2var_epi8(parts[0].raw, bytes.raw, parts[1].raw);
    const auto high = _mm512_permutex2var_epi8(parts[2].raw, bytes.raw, parts[3].raw);
    return ByteVector{_mm512_mask_blend_epi8(_mm512_movepi8_mask(bytes.raw), low, high)};
  }

 private:
  ByteVector parts[4];

#elif HWY_TARGET == HWY_EMU128

  HWY_INLINE explicit ByteTable(const uint8_t *table) : table(table) {}

  HWY_INLINE ByteVector operator[](ByteVector bytes) const {
    HWY_ALIGN uint8_t found[lanes];
    hn::Store(bytes, Bytes(), found);
    for (uint8_t &byte : found) byte = table[byte];
    return hn::Load(Bytes(), found);
  }

 private:
  const uint8_t *table;

#else

  HWY_INLINE explicit ByteTable(const uint8_t *table) {
    for (size_t k = 0; k < 16; ++k) {
      parts[k] = hn::LoadDup128(Bytes(), table + 16 * k);
      if (k % 8 != 0) parts[k] = hn::Xor(parts[k], hn::LoadDup128(Bytes(), table + 16 * (k - 1)));
    }
  }

  /// Sixteen tables of sixteen bytes, each stored as its XOR with the previous one: an index accumulates differences
  /// until it becomes negative, where shuffles give 0. One pass for bytes below 128, one for the others.
  HWY_INLINE ByteVector operator[](ByteVector bytes) const {
    const hn::RebindToSigned<Bytes> tag;
    const auto step = hn::Set(tag, 16);
    auto low = hn::BitCast(tag, bytes), high = hn::Xor(low, hn::Set(tag, -128));
    auto found = hn::Zero(tag);
    for (size_t k = 0; k < 8; ++k) {
      found = hn::Xor(found, hn::Xor(hn::TableLookupBytesOr0(hn::BitCast(tag, parts[k]), low),
                                     hn::TableLookupBytesOr0(hn::BitCast(tag, parts[8 + k]), high)));
      low = hn::SaturatedSub(low, step);
      high = hn::SaturatedSub(high, step);
    }
    return hn::BitCast(Bytes(), found);
  }

 private:
  ByteVector parts[16];

#endif
};

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
