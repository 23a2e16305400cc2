#include "Kernels/Noise/sensor_draws.hpp"

#include <algorithm>
#include <cmath>

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Noise/sensor_draws.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Noise/draws-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {

/// Pixel numbers as counters. A pixel uses two blocks: the first tells whether it may change, the second is drawn only
/// if it may.
struct PixelCounters {
  Word low, high;

  PixelCounters(uint64_t first, Word places)
      : low(hn::Add(hn::Set(Words(), static_cast<uint32_t>(first)), places)),
        high(hn::Set(Words(), static_cast<uint32_t>(first >> 32))) {
    high = hn::Sub(high, hn::VecFromMask(Words(), hn::Lt(low, places)));  // the carry: a mask is -1
  }

  HWY_INLINE Two<Word> first_block(const Threefry &generator) const { return generator(low, high); }
  HWY_INLINE Two<Word> second_block(const Threefry &generator) const {
    return generator(low, hn::Or(high, hn::Set(Words(), 0x80000000)));
  }
};

size_t select_pixels(const SensorDraws *draws, uint64_t first, size_t count, uint32_t *places) {
  const Words words;
  const size_t lanes = hn::Lanes(words);
  const Threefry generator(draws->seed);
  const Word certain_zero = hn::Set(words, draws->certain_zero), may_shift_hue = hn::Set(words, draws->may_shift_hue);
  size_t selected = 0;
  for (size_t x = 0; x < count; x += lanes) {
    const Word place = hn::Iota(words, static_cast<uint32_t>(x));
    const Two<Word> block = PixelCounters(first, place).first_block(generator);
    const auto is_changed = hn::Or(hn::Not(hn::Lt(block.first, certain_zero)), hn::Lt(block.second, may_shift_hue));
    const auto is_chosen = hn::And(is_changed, hn::Lt(place, hn::Set(words, static_cast<uint32_t>(count))));
    hn::StoreU(hn::Compress(place, is_chosen), words, places + selected);
    selected += hn::CountTrue(words, is_chosen);
  }
  return selected;
}

void draw_pixels(const SensorDraws *draws, uint64_t first, const uint32_t *places, size_t count,
                 SensorDraws::Drawn drawn) {
  const Words words;
  const Threefry generator(draws->seed);
  for (size_t i = 0; i < count; i += hn::Lanes(words)) {
    const PixelCounters counters(first, hn::LoadU(words, places + i));
    const Two<Word> block = counters.first_block(generator), rest = counters.second_block(generator);
    const Float normal = hn::Mul(radius(block.second), direction(rest.first).first);
    hn::StoreU(block.first, words, drawn.upper + i);
    hn::StoreU(rest.second, words, drawn.lower + i);
    hn::StoreU(hn::Mul(normal, constant(draws->hue_deviation)), Floats(), drawn.hue + i);
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(select_pixels);
HWY_EXPORT(draw_pixels);

uint32_t SensorDraws::shifting_hue_beyond(float limit, double hue_deviation) {
  // The distance of a normal pair exceeds d with probability exp(-d² / 2); the kernel's error is below 1e-4.
  const double distance = (1 - 1e-4) * limit / hue_deviation;
  return static_cast<uint32_t>(std::min(std::exp(-0.5 * distance * distance) * 0x1p32 + 2, 0x1p32 - 1));
}

size_t SensorDraws::select(uint64_t first, size_t count, uint32_t *places) const {
  return HWY_DYNAMIC_DISPATCH(select_pixels)(this, first, count, places);
}

void SensorDraws::draw(uint64_t first, const uint32_t *places, size_t count, Drawn drawn) const {
  HWY_DYNAMIC_DISPATCH(draw_pixels)(this, first, places, count, drawn);
}

}  // namespace cimaging

#endif
