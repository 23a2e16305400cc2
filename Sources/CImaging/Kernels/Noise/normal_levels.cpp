#include "Kernels/Noise/normal_levels.hpp"

#include <algorithm>
#include <cmath>

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Noise/normal_levels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Noise/draws-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {

using Shorts = hn::ScalableTag<int16_t>;
using Bytes = hn::ScalableTag<uint8_t>;
using SignedBytes = hn::ScalableTag<int8_t>;
using Short = hn::Vec<Shorts>;
using Byte = hn::Vec<Bytes>;

/// The lower byte of each short × `even` + its upper byte × `odd`, all bytes signed.
template <uint8_t even, uint8_t odd>
HWY_INLINE Short weighted_pairs(hn::Vec<SignedBytes> bytes) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return Short{_mm512_maddubs_epi16(_mm512_set1_epi16(odd << 8 | even), bytes.raw)};
#elif HWY_TARGET == HWY_AVX2
  return Short{_mm256_maddubs_epi16(_mm256_set1_epi16(odd << 8 | even), bytes.raw)};
#elif HWY_TARGET == HWY_SSE4
  return Short{_mm_maddubs_epi16(_mm_set1_epi16(odd << 8 | even), bytes.raw)};
#else
  const Shorts shorts;
  const Short pairs = hn::BitCast(shorts, bytes);
  const Short low = hn::ShiftRight<8>(hn::ShiftLeft<8>(pairs)), high = hn::ShiftRight<8>(pairs);
  return hn::Add(hn::Mul(low, hn::Set(shorts, even)), hn::Mul(high, hn::Set(shorts, odd)));
#endif
}

/// Turns random bits into levels.
class Converter {
 public:
  explicit Converter(const NormalLevels &levels)
      : terms(hn::LoadDup128(SignedBytes(), NormalLevels::terms)),
        factor(hn::Set(Shorts(), levels.factor)),
        mean(hn::Set(Shorts(), levels.mean)),
        below_1(hn::Set(Shorts(), static_cast<int16_t>((1 << levels.fraction_bits) - 1))),
        fraction_bits(levels.fraction_bits) {}

  HWY_INLINE void store(Word word, int16_t *output) const {
    constexpr const uint8_t (&weights)[4] = NormalLevels::weights;
    const Byte bytes = hn::BitCast(Bytes(), word), mask = hn::Set(Bytes(), 15);
    const Byte upper = hn::BitCast(Bytes(), hn::ShiftRight<4>(word));
    const Short sum = hn::Add(weighted_pairs<weights[0], weights[2]>(look_up(hn::And(bytes, mask))),
                              weighted_pairs<weights[1], weights[3]>(look_up(hn::And(upper, mask))));
    const Short level = hn::Add(hn::MulFixedPoint15(sum, factor), mean);
    const Short cut = hn::Add(level, hn::And(hn::BroadcastSignBit(level), below_1));
    hn::StoreU(hn::ShiftRightSame(cut, fraction_bits), Shorts(), output);
  }

 private:
  HWY_INLINE hn::Vec<SignedBytes> look_up(Byte indices) const {
    return hn::TableLookupBytes(terms, hn::BitCast(SignedBytes(), indices));
  }

  const hn::Vec<SignedBytes> terms;
  const Short factor, mean, below_1;
  const int fraction_bits;
};

/// Each counter gives two words of two numbers, half a block apart.
void draw_levels(const NormalLevels &levels, uint32_t y, int16_t *row, size_t count) {
  constexpr size_t half = NormalLevels::block / 2;
  const Words tag;
  const Threefry generator(levels.seed);
  const Converter convert(levels);
  const Word high = hn::Set(tag, y);
  for (size_t x = 0; x < count; x += NormalLevels::block) {
    for (size_t i = 0; i < half; i += 2 * hn::Lanes(tag)) {
      const Two<Word> pair = generator(hn::Iota(tag, static_cast<uint32_t>((x / 2 + i) / 2)), high);
      convert.store(pair.first, row + x + i);
      convert.store(pair.second, row + x + half + i);
    }
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(draw_levels);

NormalLevels::NormalLevels(uint64_t seed, double mean_level, double deviation) : seed(seed), fraction_bits(0) {
  // As many bits of fraction as leave room for the largest level, and for a factor below 1.
  const double largest = std::abs(mean_level) + deviation * (largest_sum / sum_deviation) + 1;
  while (fraction_bits < 14 && std::ldexp(largest, fraction_bits + 1) < 32767 &&
         std::ldexp(deviation, fraction_bits + 1) < sum_deviation) {
    ++fraction_bits;
  }
  factor = static_cast<int16_t>(std::lrint(std::ldexp(deviation / sum_deviation, fraction_bits + 15)));
  mean = static_cast<int16_t>(std::lrint(std::ldexp(mean_level, fraction_bits)));
}

void NormalLevels::draw(uint32_t y, int16_t *row, size_t count) const {
  HWY_DYNAMIC_DISPATCH(draw_levels)(*this, y, row, count);
}

}  // namespace cimaging

#endif
