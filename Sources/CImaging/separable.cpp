#include "separable.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "separable.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <vector>

#include "fused-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Values that are worked on together, so that one vector need not wait for another.
constexpr size_t pairs = 4, block = pairs * pair_length;

/// The sum of taps and values from left to right; in each pair of vectors even places come first, then odd ones.
void filter_row(const uint16_t *first, float *sums, size_t count, size_t step, const std::vector<float> &taps) {
  const Floats floats;
  const size_t lanes = hn::Lanes(floats);
  for (size_t i = 0; i < count; i += block) {
    FloatVector even[pairs], odd[pairs];
    for (size_t p = 0; p < pairs; ++p) even[p] = odd[p] = hn::Zero(floats);
    const uint16_t *halves = first + i;
    for (const float tap : taps) {
      const FloatVector weight = hn::Set(floats, tap);
      for (size_t p = 0; p < pairs; ++p) {
        const Pair values = load_pair(halves + p * pair_length);
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

/// The rows that two rows of a result are made of, the half of the taps from the middle outward, and where the results go.
struct Columns {
  const float *const *rows;
  const float *taps;
  int radius;
  uint8_t *upper, *lower;
};

/// Vectors of two rows of a result that the processor's registers hold, and values in them.
constexpr size_t vectors = HWY_TARGET == HWY_AVX3 ? 4 : 2, wide = vectors * hn::MaxLanes(Floats());

/// The next vectors of two rows: from the middle outward, pairs added first. All but two of the rows are loaded for both.
HWY_INLINE void filter_columns(const Columns &columns, size_t i, uint8_t *upper, uint8_t *lower) {
  const Floats floats;
  const size_t lanes = hn::Lanes(floats);
  const float *const *middle = columns.rows + columns.radius;
  FloatVector above[vectors], below[vectors], sum[vectors], next[vectors];
  FloatVector weight = hn::Set(floats, columns.taps[0]);
  for (size_t v = 0; v < vectors; ++v) {
    above[v] = hn::LoadU(floats, middle[0] + i + v * lanes);
    below[v] = hn::LoadU(floats, middle[1] + i + v * lanes);
    sum[v] = hn::Mul(weight, above[v]);
    next[v] = hn::Mul(weight, below[v]);
  }
  for (int k = 1; k <= columns.radius; ++k) {
    weight = hn::Set(floats, columns.taps[k]);
    for (size_t v = 0; v < vectors; ++v) {
      const FloatVector top = hn::LoadU(floats, middle[-k] + i + v * lanes);
      const FloatVector bottom = hn::LoadU(floats, middle[k + 1] + i + v * lanes);
      sum[v] = fused(weight, hn::Add(below[v], top), sum[v]);
      next[v] = fused(weight, hn::Add(bottom, above[v]), next[v]);
      above[v] = top;
      below[v] = bottom;
    }
  }
  for (size_t v = 0; v < vectors; v += 2) {
    store_bytes(sum[v], sum[v + 1], upper + v * lanes);
    store_bytes(next[v], next[v + 1], lower + v * lanes);
  }
}

/// Two rows of a result.
void filter_columns(const Columns &columns, size_t count) {
  size_t i = 0;
  for (; i + wide <= count; i += wide) filter_columns(columns, i, columns.upper + i, columns.lower + i);
  if (i == count) return;
  uint8_t upper[wide], lower[wide];
  filter_columns(columns, i, upper, lower);
  std::copy_n(upper, count - i, columns.upper + i);
  std::copy_n(lower, count - i, columns.lower + i);
}

/// Bytes of a row that are filtered from top to bottom at a time, so that the rows a column reaches stay in the nearest
/// cache.
size_t tile_length(size_t taps) { return std::max<size_t>(2, 32768 / sizeof(float) / (taps + 1) / block) * block; }

/// Filters an image in tiles from top to bottom. Rows come in once and are kept as long as a column reaches them.
void filter(const cv::Mat &input, cv::Mat &output, const std::vector<float> &taps) {
  const int radius = static_cast<int>(taps.size() / 2), channels = input.channels(), count = input.cols * channels;
  const int tile = static_cast<int>(std::min(tile_length(taps.size()), (count + block - 1) / block * block));
  std::vector<uint16_t> halves(static_cast<size_t>(tile + 2 * radius * channels) + block);
  RowRing<float> ring(input.rows, radius, 2, static_cast<size_t>(tile));
  std::vector<uint8_t> beyond(static_cast<size_t>(tile));
  for (int first = 0; first < count; first += tile) {
    const int length = std::min(tile, count - first);
    const Stretch stretch(input, first, length, radius);
    for (int y = 0, ready = 0; y < input.rows; y += 2) {
      for (; ready <= std::min(y + 1 + radius, input.rows - 1); ++ready) {
        widen(stretch, input.ptr(ready), halves.data());
        filter_row(halves.data(), ring.row(ready), static_cast<size_t>(length), static_cast<size_t>(channels), taps);
      }
      uint8_t *lower = y + 1 < input.rows ? output.ptr(y + 1) + first : beyond.data();
      filter_columns({ring.about(y), taps.data() + radius, radius, output.ptr(y) + first, lower},
                     static_cast<size_t>(length));
    }
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(filter);

namespace {

/// Floating-point taps, as OpenCV has them; none where it would turn them into whole numbers or where they are not
/// symmetric.
std::vector<float> float_taps(const double *taps, int count) {
  std::vector<float> result;
  bool is_whole = true;
  for (int i = 0; i < count; ++i) {
    if (taps[i] != taps[count - 1 - i]) return {};
    const double scaled = taps[i] * 256;
    is_whole = is_whole && std::abs(scaled - std::nearbyint(scaled)) <= 10 * FLT_EPSILON * 256;
    result.push_back(static_cast<float>(taps[i]));
  }
  if (count < 3 || count % 2 == 0 || is_whole) return {};
  return result;
}

}  // namespace

bool filter_symmetric(const cv::Mat &input, cv::Mat &output, const double *taps, int count) {
  const std::vector<float> values = float_taps(taps, count);
  if (values.empty()) return false;
  HWY_DYNAMIC_DISPATCH(filter)(input, output, values);
  return true;
}

}  // namespace cimaging

#endif
