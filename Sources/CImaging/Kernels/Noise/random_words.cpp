#include "Kernels/Noise/random_words.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Noise/random_words.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Noise/draws-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {

/// Each counter gives two words, half a block apart.
void draw_words(uint64_t seed, uint32_t y, size_t first, size_t count, uint32_t *words) {
  constexpr size_t half = RandomWords::block / 2;
  const Words tag;
  const Threefry generator(seed);
  const Word high = hn::Set(tag, y);
  for (size_t x = 0; x < count; x += RandomWords::block) {
    for (size_t i = 0; i < half; i += hn::Lanes(tag)) {
      const Two<Word> pair = generator(hn::Iota(tag, static_cast<uint32_t>((first + x) / 2 + i)), high);
      hn::StoreU(pair.first, tag, words + x + i);
      hn::StoreU(pair.second, tag, words + x + half + i);
    }
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(draw_words);

void RandomWords::draw(uint32_t y, size_t first, size_t count, uint32_t *words) const {
  HWY_DYNAMIC_DISPATCH(draw_words)(seed, y, first, count, words);
}

}  // namespace cimaging

#endif
