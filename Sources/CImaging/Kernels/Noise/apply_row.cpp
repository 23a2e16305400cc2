#include "Kernels/Noise/apply_row.hpp"

#include <algorithm>

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Noise/apply_row.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Bytes = hn::ScalableTag<uint8_t>;
using Shorts = hn::ScalableTag<int16_t>;
using Byte = hn::Vec<Bytes>;

/// Sum of bytes and as many shorts from `levels` on.
HWY_INLINE Byte sum(Byte bytes, const int16_t *levels) {
  const Shorts shorts;
  const hn::Half<Bytes> half;
  const auto low = hn::PromoteTo(shorts, hn::LowerHalf(half, bytes));
  const auto high = hn::PromoteTo(shorts, hn::UpperHalf(half, bytes));
  const auto first = hn::SaturatedAdd(low, hn::LoadU(shorts, levels));
  const auto second = hn::SaturatedAdd(high, hn::LoadU(shorts, levels + hn::Lanes(shorts)));
  return hn::Combine(Bytes(), hn::DemoteTo(half, second), hn::DemoteTo(half, first));
}

HWY_INLINE uint8_t sum_one(uint8_t byte, int16_t level) {
  return static_cast<uint8_t>(std::min(std::max(byte + level, 0), 255));
}

void add_each(const uint8_t *input, const int16_t *levels, uint8_t *output, size_t count) {
  const Bytes bytes;
  const size_t lanes = hn::Lanes(bytes);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(sum(hn::LoadU(bytes, input + i), levels + i), bytes, output + i);
  for (; i < count; ++i) output[i] = sum_one(input[i], levels[i]);
}

void add_shared(const uint8_t *input, const int16_t *levels, uint8_t *output, size_t pixels) {
  const Bytes bytes;
  const size_t lanes = hn::Lanes(bytes);
  size_t x = 0;
  for (; x + lanes <= pixels; x += lanes) {
    Byte r, g, b;
    hn::LoadInterleaved3(bytes, input + 3 * x, r, g, b);
    hn::StoreInterleaved3(sum(r, levels + x), sum(g, levels + x), sum(b, levels + x), bytes, output + 3 * x);
  }
  for (; x < pixels; ++x) {
    for (size_t c = 3 * x; c < 3 * x + 3; ++c) output[c] = sum_one(input[c], levels[x]);
  }
}

HWY_INLINE uint8_t product(uint8_t byte, float factor) {
  return static_cast<uint8_t>(std::min(std::max(static_cast<float>(byte) * factor, 0.0f), 255.0f));
}

// The compiler makes vectors of these loops.

void multiply_each(const uint8_t *input, const float *factors, uint8_t *output, size_t count) {
  for (size_t i = 0; i < count; ++i) output[i] = product(input[i], factors[i]);
}

void multiply_shared(const uint8_t *input, const float *factors, uint8_t *output, size_t pixels) {
  for (size_t x = 0; x < pixels; ++x) {
    for (size_t c = 3 * x; c < 3 * x + 3; ++c) output[c] = product(input[c], factors[x]);
  }
}

void cut_all(const float *numbers, int16_t *levels, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    levels[i] = static_cast<int16_t>(std::min(std::max(numbers[i], -32768.0f), 32767.0f));
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(add_each);
HWY_EXPORT(add_shared);
HWY_EXPORT(multiply_each);
HWY_EXPORT(multiply_shared);
HWY_EXPORT(cut_all);

void add_levels(const NoisyRow &row, const int16_t *levels) {
  if (row.is_shared && row.channels == 3) {
    return HWY_DYNAMIC_DISPATCH(add_shared)(row.input, levels, row.output, row.pixels);
  }
  HWY_DYNAMIC_DISPATCH(add_each)(row.input, levels, row.output, row.bytes());
}

void multiply_levels(const NoisyRow &row, const float *factors) {
  if (row.is_shared && row.channels == 3) {
    return HWY_DYNAMIC_DISPATCH(multiply_shared)(row.input, factors, row.output, row.pixels);
  }
  HWY_DYNAMIC_DISPATCH(multiply_each)(row.input, factors, row.output, row.bytes());
}

void cut_to_levels(const float *numbers, int16_t *levels, size_t count) {
  HWY_DYNAMIC_DISPATCH(cut_all)(numbers, levels, count);
}

}  // namespace cimaging

#endif
