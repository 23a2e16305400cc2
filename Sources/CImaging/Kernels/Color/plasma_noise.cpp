#include "Kernels/Color/plasma_noise.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/plasma_noise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Noise/draws-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// From the upper 24 bits of a word.
HWY_INLINE Float uniform(Word word, float scale) {
  const auto whole = hn::ConvertTo(Floats(), hn::BitCast(Integers(), hn::ShiftRight<8>(word)));
  return hn::Sub(hn::Mul(whole, constant(scale * 0x1p-23f)), constant(scale));
}

void fill_noise(const PlasmaNoise &noise, uint32_t pair, float *upper, float *lower, size_t count) {
  const Threefry draw(noise.seed);
  const auto high = hn::Set(Words(), noise.level << 24 | pair);
  for (size_t x = 0; x < count; x += hn::Lanes(Words())) {
    const Two<Word> words = draw(hn::Iota(Words(), static_cast<uint32_t>(x)), high);
    hn::StoreU(uniform(words.first, noise.scale), Floats(), upper + x);
    hn::StoreU(uniform(words.second, noise.scale), Floats(), lower + x);
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(fill_noise);

void PlasmaNoise::fill(uint32_t pair, float *upper, float *lower, size_t count) const {
  HWY_DYNAMIC_DISPATCH(fill_noise)(*this, pair, upper, lower, count);
}

}  // namespace cimaging

#endif
