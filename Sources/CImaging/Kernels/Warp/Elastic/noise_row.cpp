#include "Kernels/Warp/Elastic/noise_row.hpp"

#include <algorithm>
#include <cmath>

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Warp/Elastic/noise_row.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Noise/draws-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {

using Distribution = WhiteNoise::Distribution;

HWY_INLINE Float uniform(Word word) {
  return hn::Mul(hn::ConvertTo(Floats(), hn::BitCast(Integers(), word)), constant(0x1p-31f));
}

/// The lowest bit, which the distance does not use, decides the sign.
HWY_INLINE Float laplace(Word word) {
  const Float distance = radius(word);
  const Float size = hn::Mul(hn::Mul(distance, distance), constant(0.5f));
  return hn::Xor(size, hn::BitCast(Floats(), hn::ShiftLeft<31>(word)));
}

template <Distribution distribution>
HWY_INLINE Two<Float> numbers(Two<Word> words) {
  if (distribution == Distribution::uniform) return {uniform(words.first), uniform(words.second)};
  if (distribution == Distribution::laplace) return {laplace(words.first), laplace(words.second)};
  const Float distance = radius(words.first);
  const Two<Float> toward = direction(words.second);
  return {hn::Mul(distance, toward.first), hn::Mul(distance, toward.second)};
}

/// Each counter gives two numbers, half a block apart.
template <Distribution distribution>
float draw_blocks(uint64_t seed, uint32_t y, float *row, size_t width) {
  constexpr size_t half = WhiteNoise::block / 2;
  const Floats floats;
  const size_t lanes = hn::Lanes(floats), whole = width / WhiteNoise::block * WhiteNoise::block;
  const Threefry generator(seed);
  const Word high = hn::Set(Words(), y);
  Float largest = hn::Zero(floats);
  for (size_t x = 0; x < width; x += WhiteNoise::block) {
    for (size_t i = 0; i < half; i += lanes) {
      const Word counter = hn::Iota(Words(), static_cast<uint32_t>(x / 2 + i));
      const Two<Float> pair = numbers<distribution>(generator(counter, high));
      hn::StoreU(pair.first, floats, row + x + i);
      hn::StoreU(pair.second, floats, row + x + half + i);
      if (x < whole) largest = hn::Max(largest, hn::Max(hn::Abs(pair.first), hn::Abs(pair.second)));
    }
  }
  float result = hn::GetLane(hn::MaxOfLanes(floats, largest));
  for (size_t x = whole; x < width; ++x) result = std::max(result, std::abs(row[x]));
  return result;
}

float draw_row(const WhiteNoise &noise, uint32_t y, float *row, size_t width) {
  switch (noise.distribution) {
    case Distribution::uniform: return draw_blocks<Distribution::uniform>(noise.seed, y, row, width);
    case Distribution::laplace: return draw_blocks<Distribution::laplace>(noise.seed, y, row, width);
    case Distribution::normal: return draw_blocks<Distribution::normal>(noise.seed, y, row, width);
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(draw_row);

float WhiteNoise::draw(uint32_t y, float *row, size_t width) const {
  return HWY_DYNAMIC_DISPATCH(draw_row)(*this, y, row, width);
}

}  // namespace cimaging

#endif
