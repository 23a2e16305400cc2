#include "Kernels/Warp/remap.hpp"

#include <algorithm>

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Warp/remap.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

namespace {

using Bytes = hn::ScalableTag<uint8_t>;
using Shorts = hn::ScalableTag<int16_t>;
using Integers = hn::CappedTag<int32_t, Neighbors::group>;

/// Rounds half to even. Values beyond the largest integer become the smallest one, as with the instruction that OpenCV
/// uses.
template <class D, class V = hn::Vec<hn::Rebind<float, D>>>
hn::Vec<D> rounded(D, V value) {
  const hn::Rebind<float, D> floats;
  const auto is_in_range = hn::Lt(value, hn::Set(floats, 2147483648.0f));
  return hn::NearestInt(hn::IfThenElse(is_in_range, value, hn::Set(floats, -2147483648.0f)));
}

void round_places(const float *map_x, const float *map_y, int count, float scale, Places &places) {
  const Integers integers;
  const hn::Rebind<float, Integers> floats;
  const auto factor = hn::Set(floats, scale);
  for (int i = 0; i < count; i += static_cast<int>(hn::Lanes(integers))) {
    hn::Store(rounded(integers, hn::Mul(hn::LoadU(floats, map_x + i), factor)), integers, places.x + i);
    hn::Store(rounded(integers, hn::Mul(hn::LoadU(floats, map_y + i), factor)), integers, places.y + i);
  }
}

/// The weights of a pixel packed into 32 bits: 32 - x in the lowest byte, x in the next, and 1024 y in the upper half,
/// where x and y are the 32nds beyond the upper left neighbor.
template <class V>
V weights_of(V x, V y) {
  const hn::DFromV<V> integers;
  const V low = hn::Set(integers, 31);
  const V across = hn::And(x, low), down = hn::And(y, low);
  const V right = hn::Sub(hn::ShiftLeft<8>(across), across);
  return hn::Add(hn::Add(right, hn::Set(integers, 32)), hn::ShiftLeft<26>(down));
}

/// Vectorized bounds checks: lanes outside a bound are negative.
struct Frame {
  using V = hn::Vec<Integers>;

  explicit Frame(const SampledImage &image)
      : right(hn::Set(Integers(), image.right)),
        bottom(hn::Set(Integers(), image.bottom)),
        spare(hn::Set(Integers(), image.spare)),
        margin(hn::Set(Integers(), image.margin)) {}

  /// Negative where a place is not inside the image.
  V outside(V x, V y) const {
    const auto last = hn::Sub(right, hn::And(hn::VecFromMask(Integers(), hn::Eq(y, bottom)), spare));
    return hn::Or(hn::Or(x, y), hn::Or(hn::Sub(last, x), hn::Sub(bottom, y)));
  }

  /// Negative where no neighbor lies inside the image.
  V beyond(V x, V y) const {
    const V end_x = hn::Add(right, margin), end_y = hn::Add(bottom, margin);
    return hn::Or(hn::Or(hn::Add(x, margin), hn::Add(y, margin)), hn::Or(hn::Sub(end_x, x), hn::Sub(end_y, y)));
  }

  V right, bottom, spare, margin;
};

/// Stores offsets and weights, and classifies the groups.
void locate(const SampledImage &image, const Places &places, int count, Neighbors &neighbors) {
  const Integers integers;
  const Frame frame(image);
  const auto zero = hn::Zero(integers), channels = hn::Set(integers, image.channels);
  const auto stride = hn::Set(integers, static_cast<int32_t>(image.stride));
  const bool has_fill = image.border_mode == constant_border;
  for (int first = 0; first < count; first += Neighbors::group) {
    auto outside = zero, beyond = hn::Set(integers, -1);
    for (int i = first; i < first + Neighbors::group; i += static_cast<int>(hn::Lanes(integers))) {
      const auto fine_x = hn::Load(integers, places.x + i), fine_y = hn::Load(integers, places.y + i);
      const auto x = hn::ShiftRightSame(fine_x, image.shift), y = hn::ShiftRightSame(fine_y, image.shift);
      outside = hn::Or(outside, frame.outside(x, y));
      beyond = hn::And(beyond, frame.beyond(x, y));
      const auto offset = hn::Add(hn::Mul(y, stride), hn::Mul(x, channels));
      hn::Store(offset, integers, reinterpret_cast<int32_t *>(neighbors.offset) + i);
      hn::Store(weights_of(fine_x, fine_y), integers, reinterpret_cast<int32_t *>(neighbors.weights) + i);
    }
    const bool is_beyond = has_fill && hn::AllTrue(integers, hn::Lt(beyond, zero));
    const bool is_held = hn::AllFalse(integers, hn::Lt(outside, zero));
    neighbors.kinds[first / Neighbors::group] = is_held     ? Neighbors::held
                                                : is_beyond ? Neighbors::beyond
                                                            : Neighbors::mixed;
  }
}

/// For each pair of bytes: the first times the weight's low byte plus the second times its high byte. The sum fits 16
/// bits.
template <class V>
V across(V pairs, V weights) {
  const hn::RepartitionToWide<Bytes> words;
  const auto low = hn::Set(words, 255);
  const auto values = hn::BitCast(words, pairs), factors = hn::BitCast(words, weights);
  const auto left = hn::Mul(hn::And(values, low), hn::And(factors, low));
  const auto right = hn::Mul(hn::ShiftRight<8>(values), hn::ShiftRight<8>(factors));
  return hn::BitCast(Shorts(), hn::Add(left, right));
}

/// OpenCV's (32 upper + (lower - upper) y + 512) >> 10 for upper and lower up to 32 × 255, in 16-bit arithmetic. Rounds
/// down to 32nds first, which does not change the final rounding.
template <class V>
V down(V upper, V lower, V weights) {
  const hn::DFromV<V> words;
  const V difference = hn::Sub(lower, upper);
  const V change = hn::MulHigh(hn::Add(difference, difference), weights);
  return hn::ShiftRight<5>(hn::Add(hn::Add(upper, hn::Set(words, 16)), change));
}

void blend_grey(const Neighbors &neighbors, int count, uint8_t *output) {
  alignas(64) uint8_t blended[Places::capacity];
  const Shorts words;
  const hn::Rebind<uint8_t, Shorts> bytes;
  const hn::RepartitionToWide<Shorts> pairs;
  const auto *upper = reinterpret_cast<const int16_t *>(neighbors.upper);
  const auto *lower = reinterpret_cast<const int16_t *>(neighbors.lower);
  const auto *weights = reinterpret_cast<const int32_t *>(neighbors.weights);
  const int lanes = static_cast<int>(hn::Lanes(words));
  for (int i = 0; i < count; i += lanes) {
    const auto first = hn::BitCast(words, hn::Load(pairs, weights + i));
    const auto second = hn::BitCast(words, hn::Load(pairs, weights + i + lanes / 2));
    const auto columns = hn::ConcatEven(words, second, first), rows = hn::ConcatOdd(words, second, first);
    const auto top = across(hn::Load(words, upper + i), columns);
    const auto bottom = across(hn::Load(words, lower + i), columns);
    hn::Store(hn::DemoteTo(bytes, down(top, bottom, rows)), bytes, blended + i);
  }
  std::copy_n(blended, count, output);
}

/// Drops every fourth byte.
void pack(const uint8_t *pixels, int count, uint8_t *output) {
  const hn::FixedTag<uint8_t, 16> bytes;
  alignas(16) static constexpr uint8_t kept[16] = {0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 15, 15, 15};
  const auto order = hn::Load(bytes, kept);
  int i = 0;
  for (; i + 6 <= count; i += 4) {
    hn::StoreU(hn::TableLookupBytes(hn::Load(bytes, pixels + 4 * i), order), bytes, output + 3 * i);
  }
  for (; i < count; ++i) std::copy_n(pixels + 4 * i, 3, output + 3 * i);
}

void blend_rgb(const Neighbors &neighbors, int count, uint8_t *output) {
  alignas(64) uint8_t blended[4 * Places::capacity];
  alignas(16) static constexpr uint8_t channel_pairs[16] = {0, 3, 1, 4, 2, 5, 6, 7, 8, 11, 9, 12, 10, 13, 14, 15};
  alignas(16) static constexpr uint8_t low_halves[16] = {0, 1, 0, 1, 0, 1, 0, 1, 8, 9, 8, 9, 8, 9, 8, 9};
  alignas(16) static constexpr uint8_t high_halves[16] = {2, 3, 2, 3, 2, 3, 2, 3, 10, 11, 10, 11, 10, 11, 10, 11};
  const Bytes bytes;
  const Shorts words;
  const hn::ScalableTag<uint64_t> pixels;
  const hn::Rebind<uint32_t, decltype(pixels)> packed;
  const hn::Rebind<uint8_t, Shorts> results;
  const auto pairs = hn::LoadDup128(bytes, channel_pairs);
  const auto low = hn::LoadDup128(bytes, low_halves), high = hn::LoadDup128(bytes, high_halves);
  for (int i = 0; i < count; i += static_cast<int>(hn::Lanes(pixels))) {
    const auto weights = hn::BitCast(bytes, hn::PromoteTo(pixels, hn::Load(packed, neighbors.weights + i)));
    const auto columns = hn::BitCast(words, hn::TableLookupBytes(weights, low));
    const auto rows = hn::BitCast(words, hn::TableLookupBytes(weights, high));
    const auto upper = hn::TableLookupBytes(hn::Load(bytes, neighbors.upper + 8 * i), pairs);
    const auto lower = hn::TableLookupBytes(hn::Load(bytes, neighbors.lower + 8 * i), pairs);
    const auto top = across(hn::BitCast(words, upper), columns), bottom = across(hn::BitCast(words, lower), columns);
    hn::Store(hn::DemoteTo(results, down(top, bottom, rows)), results, blended + 4 * i);
  }
  pack(blended, count, output);
}

void sample(const SampledImage &image, const Places &places, int count, Neighbors &neighbors, uint8_t *output) {
  locate(image, places, count, neighbors);
  if (image.shift == 0) {
    copy_nearest(image, places, count, neighbors, output);
    return;
  }
  gather_neighbors(image, places, count, neighbors);
  if (image.channels == 1) {
    blend_grey(neighbors, count, output);
  } else {
    blend_rgb(neighbors, count, output);
  }
}

}  // namespace

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(round_places);
HWY_EXPORT(sample);

void round_places(const float *map_x, const float *map_y, int count, float scale, Places &places) {
  HWY_DYNAMIC_DISPATCH(round_places)(map_x, map_y, count, scale, places);
}

bool Remap::takes(const View &input, const cimaging_resampling &resampling) {
  const bool is_simple = resampling.interpolation == nearest_pixel || resampling.interpolation == linear;
  const bool has_border = resampling.border_mode >= 0 && resampling.border_mode <= reflected_border;
  const bool is_addressed = input.stride * static_cast<size_t>(input.height) <= UINT32_MAX;  // offsets have 32 bits
  return is_simple && has_border && is_addressed && (input.channels == 1 || input.channels == 3);
}

Remap::Remap(const View &input, const cimaging_resampling &resampling) {
  const bool is_linear = resampling.interpolation == linear;
  const int reach = is_linear ? 2 : 1;
  image = SampledImage{input.pixels,
                       input.stride,
                       input.width,
                       input.height,
                       input.channels,
                       resampling.border_mode,
                       {},
                       is_linear ? fraction_bits : 0,
                       input.width - reach,
                       input.height - reach,
                       input.channels == 3 ? 1 : 0,
                       reach - 1};
  for (int i = 0; i < 2 * image.channels; ++i) {
    image.fill[i] = nearest_byte(resampling.fill[i % image.channels]);
  }
}

void Remap::sample(const Places &places, int count, uint8_t *output) {
  HWY_DYNAMIC_DISPATCH(sample)(image, places, count, neighbors, output);
}

}  // namespace cimaging

#endif
