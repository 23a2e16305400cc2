#include "Kernels/Blur/filter_separable.hpp"

#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_blur.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Blur/filter_separable.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <vector>

#include "Kernels/Blur/filter_row-inl.hpp"

#ifndef CIMAGING_SEPARABLE_FILTER
#define CIMAGING_SEPARABLE_FILTER

namespace cimaging {
namespace {

/// Symmetric taps, as many for columns as for rows, and an optional mix of the result with the source.
struct Filter {
  std::vector<float> row, column;
  const Mixture *mixture;

  int radius() const { return static_cast<int>(row.size() / 2); }
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// An output row and the source row to mix it with.
struct Row {
  uint8_t *output;
  const uint8_t *input;
};

/// The filtered rows that two output rows depend on, and one half of the taps from the middle outward.
struct ColumnFilter {
  const float *const *rows;
  const float *taps;
  int radius;
  const Mixture *mixture;
};

/// Mixes half a vector of the source with the filtered values in doubles, as OpenCV's `addWeighted` does.
template <typename Half>
HWY_INLINE hn::Vec<Half> mix_half(Half half, hn::Vec<Half> source, hn::Vec<Half> filtered, const Mixture &mixture) {
  const hn::Rebind<double, Half> doubles;
  const auto rest = hn::Mul(hn::PromoteTo(doubles, filtered), hn::Set(doubles, mixture.filtered));
  const auto weight = hn::Set(doubles, mixture.source);
  return hn::DemoteTo(half, fused_whole(doubles, weight, hn::PromoteTo(doubles, source), rest));
}

HWY_INLINE FloatVector mix(FloatVector source, FloatVector filtered, const Mixture &mixture) {
  const Floats floats;
  const hn::Half<Floats> half;
  const auto low = mix_half(half, hn::LowerHalf(half, source), hn::LowerHalf(half, filtered), mixture);
  const auto high = mix_half(half, hn::UpperHalf(half, source), hn::UpperHalf(half, filtered), mixture);
  return hn::Combine(floats, high, low);
}

/// A pair of vectors, mixed with the source if there is a mixture.
HWY_INLINE FloatPair mixed(FloatVector even, FloatVector odd, const Mixture *mixture, const uint8_t *input) {
  if (mixture == nullptr) return {even, odd};
  const FloatPair source = widen_pair(input);
  return {mix(source.even, even, *mixture), mix(source.odd, odd, *mixture)};
}

/// Vectors per output row that fit in registers for two rows, and the number of values in them.
constexpr size_t vectors = HWY_TARGET == HWY_AVX3 ? 4 : 2, wide = vectors * hn::MaxLanes(Floats());

/// One block of two output rows: from the middle outward, symmetric pairs added first. Most rows are loaded once for
/// both.
HWY_INLINE void filter_block(const ColumnFilter &filter, size_t i, Row upper, Row lower) {
  const Floats floats;
  const size_t lanes = hn::Lanes(floats);
  const float *const *middle = filter.rows + filter.radius;
  FloatVector above[vectors], below[vectors], sum[vectors], next[vectors];
  FloatVector weight = hn::Set(floats, filter.taps[0]);
  for (size_t v = 0; v < vectors; ++v) {
    above[v] = hn::LoadU(floats, middle[0] + i + v * lanes);
    below[v] = hn::LoadU(floats, middle[1] + i + v * lanes);
    sum[v] = hn::Mul(weight, above[v]);
    next[v] = hn::Mul(weight, below[v]);
  }
  for (int k = 1; k <= filter.radius; ++k) {
    weight = hn::Set(floats, filter.taps[k]);
    for (size_t v = 0; v < vectors; ++v) {
      const FloatVector top = hn::LoadU(floats, middle[-k] + i + v * lanes);
      const FloatVector bottom = hn::LoadU(floats, middle[k + 1] + i + v * lanes);
      sum[v] = fused(weight, hn::Add(below[v], top), sum[v]);
      next[v] = fused(weight, hn::Add(bottom, above[v]), next[v]);
      above[v] = top;
      below[v] = bottom;
    }
  }
  const auto pair = [&](const FloatVector *sums, size_t v, Row row) {
    return mixed(sums[v], sums[v + 1], filter.mixture, row.input + v * lanes);
  };
  if constexpr (vectors == 2) {
    store_bytes(pair(sum, 0, upper), pair(next, 0, lower), upper.output, lower.output);
  } else {
    store_bytes(pair(sum, 0, upper), pair(sum, 2, upper), upper.output);
    store_bytes(pair(next, 0, lower), pair(next, 2, lower), lower.output);
  }
}

/// The last, partial block of a row in a padded scratch buffer; copied back on destruction.
class RowEnd {
 public:
  RowEnd(Row row, size_t count) : row(row), count(count) { std::copy_n(row.input, count, input); }
  ~RowEnd() { std::copy_n(output, count, row.output); }
  RowEnd(const RowEnd &) = delete;

  Row whole() { return {output, input}; }

 private:
  Row row;
  size_t count;
  uint8_t output[wide], input[wide] = {};
};

/// Two output rows.
void filter_columns(const ColumnFilter &filter, size_t count, Row upper, Row lower) {
  size_t i = 0;
  for (; i + wide <= count; i += wide) {
    filter_block(filter, i, {upper.output + i, upper.input + i}, {lower.output + i, lower.input + i});
  }
  if (i == count) return;
  RowEnd upper_end({upper.output + i, upper.input + i}, count - i);
  RowEnd lower_end({lower.output + i, lower.input + i}, count - i);
  filter_block(filter, i, upper_end.whole(), lower_end.whole());
}

/// Width in bytes of a vertical strip whose rows under the column taps stay in the L1 cache.
size_t tile_length(size_t taps) { return std::max<size_t>(2, 32768 / sizeof(float) / (taps + 1) / block) * block; }

/// A ring of row-filtered rows of a stretch.
class FilteredRows {
 public:
  FilteredRows(const View &input, const Filter &filter, size_t length)
      : input(input),
        filter(filter),
        halves(length + filter.row.size() * static_cast<size_t>(input.channels) + block),
        ring(input.height, filter.radius(), 2, length) {}

  /// The filtered rows that output rows `y` and `y` + 1 depend on. Each row is filtered once and kept while needed.
  const float *const *about(int y, const Stretch &stretch, size_t count) {
    if (y == 0) ready = 0;
    for (; ready <= std::min(y + 1 + filter.radius(), input.height - 1); ++ready) {
      widen(stretch, input.row(ready), halves.data());
      filter_next(ring.row(ready), count);
      stretch.prefetch(input, ready + 2);
    }
    return ring.about(y);
  }

 private:
  void filter_next(float *sums, size_t count) {
    const size_t step = static_cast<size_t>(input.channels);
    if (filter.mixture == nullptr || filter.row.size() == 1 || filter.row.size() > 5) {
      return filter_row(halves.data(), sums, count, step, filter.row);
    }
    filter_short_row(halves.data(), sums, count, step, filter.row);
    if (count % 2 == 0) return;
    const size_t last = count - 1, place = last / pair_length * pair_length + last % pair_length / 2;
    sums[place] = filter_last(halves.data() + last + filter.row.size() / 2 * step, step, filter.row);
  }

  const View &input;
  const Filter &filter;
  std::vector<uint16_t> halves;
  RowRing<float> ring;
  int ready = 0;
};

/// Filters an image in vertical strips.
void run(const View &input, View &output, const Filter &filter) {
  const int count = input.width * input.channels;
  const size_t longest = tile_length(filter.row.size()), whole = (static_cast<size_t>(count) + block - 1) / block;
  const int tile = static_cast<int>(std::min(longest, whole * block));
  FilteredRows rows(input, filter, static_cast<size_t>(tile));
  std::vector<uint8_t> beyond(static_cast<size_t>(tile));
  for (int first = 0; first < count; first += tile) {
    const int length = std::min(tile, count - first);
    const Stretch stretch(input, first, length, filter.radius());
    for (int y = 0; y < input.height; y += 2) {
      const Row upper{output.row(y) + first, input.row(y) + first};
      const Row lower = y + 1 < input.height ? Row{output.row(y + 1) + first, input.row(y + 1) + first}
                                             : Row{beyond.data(), upper.input};
      const auto size = static_cast<size_t>(length);
      const float *taps = filter.column.data() + filter.radius();
      filter_columns({rows.about(y, stretch, size), taps, filter.radius(), filter.mixture}, size, upper, lower);
    }
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(run);

namespace {

/// OpenCV's floating-point taps; empty if OpenCV would use integer taps instead, or if they are not symmetric.
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

/// Filters rows and columns with the same symmetric taps; returns false and does nothing for other taps. On every
/// processor the bytes match OpenCV's `sepFilter2D` on a processor with fused multiply-add.
bool filter_symmetric(const View &input, View &output, const double *taps, int count) {
  const std::vector<float> values = float_taps(taps, count);
  if (values.empty()) return false;
  HWY_DYNAMIC_DISPATCH(run)(input, output, {values, values, nullptr});
  return true;
}

}  // namespace

void filter_mixed(const View &input, View &output, const std::vector<float> &taps, const Mixture &mixture) {
  // A row or column of one value is not filtered: rounding of the weighted sum could change the last bit.
  std::vector<float> none(taps.size());
  none[taps.size() / 2] = 1;
  const Filter filter{input.width == 1 ? none : taps, input.height == 1 ? none : taps, &mixture};
  HWY_DYNAMIC_DISPATCH(run)(input, output, filter);
}

}  // namespace cimaging

cimaging_status cimaging_filter_separable(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const double *taps, int32_t count, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    if (!filter_symmetric(input, output, taps, count)) opencv::filter_separable(input, output, taps, count);
  });
}

#endif
