#include "Kernels/Blur/correlate.hpp"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Blur/correlate_mean.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "Kernels/Blur/mean-inl.hpp"
#include "Kernels/Blur/reflected.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Vectors processed together, so that consecutive operations do not depend on each other.
constexpr size_t vectors = 4, lanes = hn::MaxLanes(hn::ScalableTag<uint8_t>()), block = vectors * lanes;

/// Sums bytes of odd places, and all bytes as 16-bit numbers, whose lower bytes are the even ones: what is left of
/// their sum without the upper bytes' is that of the even ones, because it fits 16 bits.
HWY_INLINE void mean_block(const uint8_t *const *rows, size_t i, const std::vector<Cell> &cells, const Mean &mean,
                           uint8_t *output) {
  const UnsignedShorts shorts;
  const hn::Repartition<uint8_t, UnsignedShorts> bytes;
  UnsignedShortVector all[vectors], odd[vectors];
  for (size_t v = 0; v < vectors; ++v) all[v] = odd[v] = hn::Zero(shorts);
  for (const Cell &cell : cells) {
    const uint8_t *values = rows[cell.row] + cell.distance + i;
    for (size_t v = 0; v < vectors; ++v) {
      const UnsignedShortVector both = hn::BitCast(shorts, hn::LoadU(bytes, values + v * lanes));
      all[v] = hn::Add(all[v], both);
      odd[v] = hn::Add(odd[v], hn::ShiftRight<8>(both));
    }
  }
  for (size_t v = 0; v < vectors; ++v) {
    const UnsignedShortVector even = hn::Sub(all[v], hn::ShiftLeft<8>(odd[v]));
    const UnsignedShortVector means = hn::Or(mean(even), hn::ShiftLeft<8>(mean(odd[v])));
    hn::StoreU(hn::BitCast(bytes, means), bytes, output + v * lanes);
  }
}

void mean_row(const uint8_t *const *rows, const std::vector<Cell> &cells, const Mean &mean, uint8_t *output,
              size_t count) {
  size_t i = 0;
  for (; i + block <= count; i += block) mean_block(rows, i, cells, mean, output + i);
  if (i == count) return;
  uint8_t last[block];
  mean_block(rows, i, cells, mean, last);
  std::copy_n(last, count - i, output + i);
}

void correlate_equal(const View &input, View &output, const Cells &kernel) {
  const int radius = kernel.size / 2, count = input.width * input.channels;
  const Mean mean(static_cast<uint32_t>(kernel.cells.size()));
  const Stretch stretch(input, 0, count, radius);
  RowRing<uint8_t> ring(input.height, radius, 1, stretch.size() + block);
  for (int y = 0, ready = 0; y < input.height; ++y) {
    for (; ready <= std::min(y + radius, input.height - 1); ++ready) {
      stretch.copy(input.row(ready), ring.row(ready));
    }
    mean_row(ring.about(y), kernel.cells, mean, output.row(y), static_cast<size_t>(count));
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(correlate_equal);

bool correlate_mean(const View &input, View &output, const Cells &kernel, bool is_ordered) {
  const size_t count = kernel.cells.size();
  if (count < 2 || count > 255) return false;
  // At a tie, the rounding of OpenCV's sum of floats decides.
  const bool has_ties = count % 2 == 0 && (count & (count - 1)) != 0;
  if (is_ordered && has_ties) return false;
  const float share = 1.0f / static_cast<float>(count);
  for (const Cell &cell : kernel.cells) {
    if (std::abs(cell.weight - share) > 1e-6f * share) return false;
  }
  HWY_DYNAMIC_DISPATCH(correlate_equal)(input, output, kernel);
  return true;
}

}  // namespace cimaging

#endif
