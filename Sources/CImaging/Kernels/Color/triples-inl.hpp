// Vectors of 16-bit colour values; included once for each instruction set.

#include <cstdint>
#include <cstring>
#include <hwy/highway.h>

#include "Kernels/Color/lab.hpp"

#if defined(CIMAGING_TRIPLES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_TRIPLES_INL_HPP
#undef CIMAGING_TRIPLES_INL_HPP
#else
#define CIMAGING_TRIPLES_INL_HPP
#endif

#include "Kernels/Color/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using UnsignedShorts = hn::RebindToUnsigned<Shorts>;

/// 16-bit numbers for a vector of bytes; the halves are the results of `InterleaveLower` and `InterleaveUpper`.
struct Halves {
  ShortVector half[2];
};

HWY_INLINE Halves interleave(ByteVector low, ByteVector high) {
  const Shorts tag;
  return {{hn::BitCast(tag, hn::InterleaveLower(Bytes(), low, high)),
           hn::BitCast(tag, hn::InterleaveUpper(Bytes(), low, high))}};
}

HWY_INLINE Halves extend(ByteVector bytes) { return interleave(bytes, hn::Zero(Bytes())); }

HWY_INLINE ShortVector all(int number) { return hn::Set(Shorts(), static_cast<int16_t>(number)); }

/// Two 16-bit numbers repeated in each 32-bit lane.
HWY_INLINE ShortVector pair(int first, int second) {
  const auto bits = static_cast<uint32_t>(second) << 16 | static_cast<uint16_t>(first);
  return hn::BitCast(Shorts(), hn::Set(Integers(), static_cast<int32_t>(bits)));
}

/// Sums of adjacent pairs of numbers times weights.
HWY_INLINE IntegerVector pair_sums(ShortVector numbers, ShortVector weights) {
  auto rest = hn::Zero(Integers());
  const auto sums = hn::ReorderWidenMulAccumulate(Integers(), numbers, weights, hn::Zero(Integers()), rest);
  return hn::RearrangeToOddPlusEven(sums, rest);
}

/// Four 16-bit numbers per pixel, for weighted sums.
class Quadruples {
 public:
  HWY_INLINE Quadruples(ShortVector a, ShortVector b, ShortVector c, ShortVector d)
      : first{hn::InterleaveLower(Shorts(), a, b), hn::InterleaveUpper(Shorts(), a, b)},
        second{hn::InterleaveLower(Shorts(), c, d), hn::InterleaveUpper(Shorts(), c, d)} {}

  /// `start` plus a and b times `first_weights` plus c and d times `second_weights`, shifted right by `bits` and
  /// narrowed to 16 bits.
  template <int bits>
  HWY_INLINE ShortVector weighted_sum(ShortVector first_weights, ShortVector second_weights,
                                      IntegerVector start) const {
    IntegerVector sums[2];
    for (int k = 0; k < 2; ++k) {
      const auto sum = pair_sums(first[k], first_weights) + pair_sums(second[k], second_weights);
      sums[k] = hn::ShiftRight<bits>(sum + start);
    }
    return hn::ReorderDemote2To(Shorts(), sums[0], sums[1]);
  }

 private:
  ShortVector first[2], second[2];
};

/// Stores table[place(0)] ... table[place(7)]. For tables too large for registers.
template <class Place>
HWY_INLINE void look_up_eight(const uint16_t *table, Place place, uint16_t *numbers) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_SSE2
  // Inserting into a vector takes half the time of eight stores.
  __m128i found = _mm_cvtsi32_si128(table[place(0)]);
  found = _mm_insert_epi16(found, table[place(1)], 1);
  found = _mm_insert_epi16(found, table[place(2)], 2);
  found = _mm_insert_epi16(found, table[place(3)], 3);
  found = _mm_insert_epi16(found, table[place(4)], 4);
  found = _mm_insert_epi16(found, table[place(5)], 5);
  found = _mm_insert_epi16(found, table[place(6)], 6);
  found = _mm_insert_epi16(found, table[place(7)], 7);
  _mm_storeu_si128(reinterpret_cast<__m128i *>(numbers), found);
#else
  for (int k = 0; k < 8; ++k) numbers[k] = table[place(k)];
#endif
}

/// Stores table[place(0)] ... table[place(15)].
template <class Place>
HWY_INLINE void look_up_sixteen(const uint8_t *table, Place place, uint8_t *bytes) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_SSE4
  __m128i found = _mm_cvtsi32_si128(table[place(0)]);
  found = _mm_insert_epi8(found, table[place(1)], 1);
  found = _mm_insert_epi8(found, table[place(2)], 2);
  found = _mm_insert_epi8(found, table[place(3)], 3);
  found = _mm_insert_epi8(found, table[place(4)], 4);
  found = _mm_insert_epi8(found, table[place(5)], 5);
  found = _mm_insert_epi8(found, table[place(6)], 6);
  found = _mm_insert_epi8(found, table[place(7)], 7);
  found = _mm_insert_epi8(found, table[place(8)], 8);
  found = _mm_insert_epi8(found, table[place(9)], 9);
  found = _mm_insert_epi8(found, table[place(10)], 10);
  found = _mm_insert_epi8(found, table[place(11)], 11);
  found = _mm_insert_epi8(found, table[place(12)], 12);
  found = _mm_insert_epi8(found, table[place(13)], 13);
  found = _mm_insert_epi8(found, table[place(14)], 14);
  found = _mm_insert_epi8(found, table[place(15)], 15);
  _mm_storeu_si128(reinterpret_cast<__m128i *>(bytes), found);
#else
  for (int k = 0; k < 16; ++k) bytes[k] = table[place(k)];
#endif
}

/// Replaces `count` numbers, a multiple of eight, by those of the table.
HWY_INLINE void look_up(const uint16_t *table, uint16_t *numbers, size_t count) {
  for (size_t i = 0; i < count; i += 8) {
    uint64_t words[2];
    std::memcpy(words, numbers + i, sizeof words);
    look_up_eight(table, [&](int k) { return words[k / 4] >> 16 * (k % 4) & 0xFFFF; }, numbers + i);
  }
}

/// Where `extend` puts the eight bytes of a group: in each 128 bits, the lower half goes to the first half of the
/// numbers.
constexpr size_t place_of_group(size_t group) { return group % 2 * (lanes / 2) + group / 2 * 8; }

/// Three 16-bit numbers per pixel for 512 pixels: enough that scalar stores have reached the cache before whole vectors
/// of them are loaded.
struct Triples {
  static constexpr size_t blocks = 512 / lanes;

  HWY_INLINE ShortVector load(size_t block, int channel, int half) const {
    return hn::BitCast(Shorts(), hn::Load(UnsignedShorts(), numbers[block][channel] + half * lanes / 2));
  }

  HWY_INLINE void store(size_t block, int channel, int half, ShortVector values) {
    hn::Store(hn::BitCast(UnsignedShorts(), values), UnsignedShorts(), numbers[block][channel] + half * lanes / 2);
  }

  HWY_INLINE void store(size_t block, int channel, const Halves &values) {
    for (int half = 0; half < 2; ++half) store(block, channel, half, values.half[half]);
  }

  HWY_INLINE void look_up_all(const uint16_t *table, size_t count) { look_up(table, numbers[0][0], count * 3 * lanes); }

  HWY_ALIGN uint16_t numbers[blocks][3][lanes];
};

/// Calls `body(first, count)` for consecutive chunks of at most `Triples::blocks` blocks.
template <class Body>
HWY_INLINE void each_chunk(size_t count, Body body) {
  for (size_t first = 0; first < count; first += Triples::blocks) {
    body(first, HWY_MIN(count - first, Triples::blocks));
  }
}

HWY_INLINE LabRow from(const LabRow &lab, size_t i) { return {lab.lightness + i, lab.a + i, lab.b + i}; }

HWY_INLINE void copy(const LabRow &source, const LabRow &destination, size_t count) {
  std::memcpy(destination.lightness, source.lightness, count);
  std::memcpy(destination.a, source.a, count);
  std::memcpy(destination.b, source.b, count);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
