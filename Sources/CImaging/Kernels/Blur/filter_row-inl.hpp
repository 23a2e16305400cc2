// Row passes of separable filters; included once for each instruction set.

#if defined(CIMAGING_FILTER_ROW_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_FILTER_ROW_INL_HPP
#undef CIMAGING_FILTER_ROW_INL_HPP
#else
#define CIMAGING_FILTER_ROW_INL_HPP
#endif

#include <bit>
#include <cmath>
#include <vector>

#include "Kernels/Blur/floats-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Vectors processed together, so that consecutive operations do not depend on each other.
constexpr size_t pairs = 4, block = pairs * pair_length;

/// The sum of taps × values from left to right. `sums` holds pairs of vectors: even positions first, then odd ones.
inline void filter_row(const uint16_t *first, float *sums, size_t count, size_t step, const std::vector<float> &taps) {
  const Floats floats;
  const size_t lanes = hn::Lanes(floats);
  for (size_t i = 0; i < count; i += block) {
    FloatVector even[pairs], odd[pairs];
    for (size_t p = 0; p < pairs; ++p) even[p] = odd[p] = hn::Zero(floats);
    const uint16_t *halves = first + i;
    for (const float tap : taps) {
      const FloatVector weight = hn::Set(floats, tap);
      for (size_t p = 0; p < pairs; ++p) {
        const FloatPair values = load_pair(halves + p * pair_length);
        even[p] = fused(weight, values.even, even[p]);
        odd[p] = fused(weight, values.odd, odd[p]);
      }
      halves += step;
    }
    for (size_t p = 0; p < pairs; ++p) {
      hn::StoreU(even[p], floats, sums + i + p * pair_length);
      hn::StoreU(odd[p], floats, sums + i + p * pair_length + lanes);
    }
  }
}

/// Three or five symmetric taps in OpenCV's order for floats: first the neighbours, then the middle, then the
/// outermost.
inline void filter_short_row(const uint16_t *first, float *sums, size_t count, size_t step,
                             const std::vector<float> &taps) {
  const Floats floats;
  const size_t radius = taps.size() / 2;
  const FloatVector middle = hn::Set(floats, taps[radius]), beside = hn::Set(floats, taps[radius - 1]);
  const FloatVector outermost = hn::Set(floats, taps[0]);
  for (size_t i = 0; i < count; i += pair_length) {
    const uint16_t *center = first + i + radius * step;
    const FloatPair at = load_pair(center), before = load_pair(center - step), after = load_pair(center + step);
    FloatVector even = fused(middle, at.even, hn::Mul(beside, hn::Add(before.even, after.even)));
    FloatVector odd = fused(middle, at.odd, hn::Mul(beside, hn::Add(before.odd, after.odd)));
    if (radius == 2) {
      const FloatPair left = load_pair(first + i), right = load_pair(center + 2 * step);
      even = fused(outermost, hn::Add(right.even, left.even), even);
      odd = fused(outermost, hn::Add(right.odd, left.odd), odd);
    }
    hn::StoreU(even, floats, sums + i);
    hn::StoreU(odd, floats, sums + i + hn::Lanes(floats));
  }
}

/// The same from the middle outward, as OpenCV computes the last of an odd number of values.
inline float filter_last(const uint16_t *center, size_t step, const std::vector<float> &taps) {
  const auto value = [](uint16_t half) { return std::bit_cast<float>(uint32_t{half} << 16); };
  const size_t radius = taps.size() / 2;
  float sum = taps[radius] * value(*center);
  for (size_t k = 1; k <= radius; ++k) {
    sum = std::fma(taps[radius - k], value(center[k * step]) + value(*(center - k * step)), sum);
  }
  return sum;
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
