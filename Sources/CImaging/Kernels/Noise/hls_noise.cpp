#include "Kernels/Noise/hls_noise.hpp"

#include <algorithm>
#include <cmath>

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Noise/hls_noise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Noise/hls-inl.hpp"
#include "Kernels/Noise/hls_scalar.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Doubles = hn::ScalableTag<double>;
using Floats = hn::Rebind<float, Doubles>;
using Integers = hn::Rebind<int32_t, Doubles>;
using Float = hn::Vec<Floats>;

using Three = Hls<Floats>::Three;

HWY_INLINE Float constant(float value) { return hn::Set(Floats(), value); }

HWY_INLINE Float brightened(Float lightness, const double *strengths) {
  const auto way = hn::PromoteTo(Doubles(), hn::Sub(constant(1), lightness));
  const Float added = hn::DemoteTo(Floats(), hn::Mul(hn::LoadU(Doubles(), strengths), way));
  return hn::Min(hn::Max(hn::Add(lightness, added), constant(0)), constant(1));
}

/// One vector of specks, gathered from and scattered to a row.
class Group {
 public:
  Group(const Specks &specks, size_t first, size_t count) : specks(specks), first(first), count(count) {}

  HWY_INLINE void disturb(const uint8_t *input, uint8_t *output) {
    gather(input);
    Three hls = Hls<Floats>::from_rgb({load(0), load(1), load(2)});
    hls.first = hn::Add(hls.first, hn::LoadU(Floats(), specks.hues + first));
    hls.second = brightened(hls.second, specks.strengths + first);
    const Three rgb = Hls<Floats>::to_rgb(hls, 6.0f / 360);
    store(rgb.first, 0);
    store(rgb.second, 1);
    store(rgb.third, 2);
    scatter(output);
  }

 private:
  HWY_INLINE Float load(int channel) const { return hn::Load(Floats(), values[channel]); }

  HWY_INLINE void store(Float value, int channel) {
    const auto level = hn::NearestInt(hn::Mul(value, constant(255)));
    hn::Store(hn::Min(hn::Max(level, hn::Zero(Integers())), hn::Set(Integers(), 255)), Integers(), levels[channel]);
  }

  HWY_INLINE void gather(const uint8_t *input) {
    for (size_t i = 0; i < count; ++i) {
      const uint8_t *pixel = input + 3 * static_cast<size_t>(specks.places[first + i]);
      for (int channel = 0; channel < 3; ++channel) values[channel][i] = unit_levels[pixel[channel]];
    }
  }

  HWY_INLINE void scatter(uint8_t *output) const {
    for (size_t i = 0; i < count; ++i) {
      uint8_t *pixel = output + 3 * static_cast<size_t>(specks.places[first + i]);
      for (int channel = 0; channel < 3; ++channel) pixel[channel] = static_cast<uint8_t>(levels[channel][i]);
    }
  }

  const Specks &specks;
  const size_t first, count;
  HWY_ALIGN float values[3][Specks::slack] = {};
  HWY_ALIGN int32_t levels[3][Specks::slack];
};

void disturb_vectors(const Specks *specks, const uint8_t *input, uint8_t *output, size_t end) {
  const size_t lanes = hn::Lanes(Floats());
  for (size_t i = 0; i < end; i += lanes) Group(*specks, i, std::min(lanes, end - i)).disturb(input, output);
}

HWY_INLINE uint64_t total(hn::Vec<hn::ScalableTag<int32_t>> sums) {
  const hn::ScalableTag<int32_t> integers;
  HWY_ALIGN int32_t values[16];
  hn::Store(sums, integers, values);
  uint64_t sum = 0;
  for (size_t i = 0; i < hn::Lanes(integers); ++i) sum += static_cast<uint32_t>(values[i]);
  return sum;
}

/// `width` must be small enough that no 32-bit sum overflows.
HWY_INLINE void add_lightness(LightnessSums *sums, const uint8_t *row, size_t width) {
  const hn::ScalableTag<uint8_t> bytes;
  const hn::ScalableTag<int16_t> words;
  const hn::ScalableTag<int32_t> integers;
  auto sum = hn::Zero(hn::ScalableTag<uint64_t>());
  auto squares = hn::Zero(integers), others = squares;
  for (size_t x = 0; x < width; x += hn::Lanes(bytes)) {
    hn::Vec<decltype(bytes)> r, g, b;
    hn::LoadInterleaved3(bytes, row + 3 * x, r, g, b);
    const auto largest = hn::Max(hn::Max(r, g), b), smallest = hn::Min(hn::Min(r, g), b);
    sum = hn::Add(sum, hn::Add(hn::SumsOf8(largest), hn::SumsOf8(smallest)));
    const auto zero = hn::Zero(bytes);
    const auto low = hn::Add(hn::BitCast(words, hn::InterleaveLower(bytes, largest, zero)),
                             hn::BitCast(words, hn::InterleaveLower(bytes, smallest, zero)));
    const auto high = hn::Add(hn::BitCast(words, hn::InterleaveUpper(bytes, largest, zero)),
                              hn::BitCast(words, hn::InterleaveUpper(bytes, smallest, zero)));
    squares = hn::ReorderWidenMulAccumulate(integers, low, low, squares, others);
    squares = hn::ReorderWidenMulAccumulate(integers, high, high, squares, others);
  }
  sums->sum += hn::GetLane(hn::SumOfLanes(hn::ScalableTag<uint64_t>(), sum));
  sums->squares += total(squares) + total(others);
}

void add_lightness_row(LightnessSums *sums, const uint8_t *row, size_t width) {
  constexpr size_t most = 16384;  // pixels: 1024 vectors of 16 bytes, each of which adds at most 4 · 510² to a sum
  const size_t lanes = hn::Lanes(hn::ScalableTag<uint8_t>()), whole = width / lanes * lanes;
  for (size_t x = 0; x < whole; x += most) add_lightness(sums, row + 3 * x, std::min(most, whole - x));
  for (size_t x = whole; x < width; ++x) {
    const uint8_t *pixel = row + 3 * x;
    const uint64_t doubled = std::max({pixel[0], pixel[1], pixel[2]}) + std::min({pixel[0], pixel[1], pixel[2]});
    sums->sum += doubled;
    sums->squares += doubled * doubled;
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(disturb_vectors);
HWY_EXPORT(add_lightness_row);

void disturb(const Specks &specks, const uint8_t *input, uint8_t *output, size_t rest) {
  const uint32_t *end = specks.places + specks.count;
  const size_t vectors = std::lower_bound(specks.places, end, rest) - specks.places;
  HWY_DYNAMIC_DISPATCH(disturb_vectors)(&specks, input, output, vectors);
  for (size_t i = vectors; i < specks.count; ++i) disturb_one(specks, i, input, output);
}

void LightnessSums::add(const uint8_t *row, size_t width) { HWY_DYNAMIC_DISPATCH(add_lightness_row)(this, row, width); }

}  // namespace cimaging

#endif
