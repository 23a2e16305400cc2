#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_blur.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Blur/median.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <vector>

#include "Kernels/Blur/merge-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Longest part of a row that is processed at once, so that its buffers stay in the L1 cache.
constexpr size_t longest = 768;

/// The medians of part of a row: of `size` × `size` bytes each, a column being `step` bytes from the next.
///
/// Each column is sorted once, and each pair of neighbouring columns merged once, for all the windows that they are in.
template <size_t size>
class MedianRow {
 public:
  MedianRow(size_t count, size_t step)
      : count(count), step(step), length(std::min(count, longest)), stride(length + size * step + 3 * lanes) {
    sorted.resize(size * stride);
    pairs.resize(2 * size * stride);
  }

  /// A row of output from the `size` rows around it.
  void run(const uint8_t *const *rows, uint8_t *output) {
    for (size_t first = 0; first < count; first += length) {
      // The last part begins earlier rather than being shorter: its vectors must not leave the row.
      const size_t place = std::min(first, count - length);
      sort_columns(rows, place);
      if (size > 3) merge_pairs();
      for (size_t i = 0; i < length; i += lanes) select(std::min(i, length - lanes), output + place);
    }
  }

 private:
  static constexpr size_t radius = size / 2;

  /// The bytes of rank `rank` of the columns or pairs of columns that begin with the window's.
  uint8_t *column(size_t rank) { return sorted.data() + rank * stride + lanes; }
  uint8_t *pair(size_t rank) { return pairs.data() + rank * stride + lanes; }

  /// Sorts the columns from `radius` pixels before `place` on. Beyond the edge the outermost column is repeated.
  void sort_columns(const uint8_t *const *rows, size_t place) {
    const size_t margin = radius * step, before = margin - std::min(margin, place);
    const size_t end = std::min(count, place + length + margin);
    for (size_t i = place + before - margin; i < end; i += lanes) {
      const size_t at = std::min(i, count - lanes);
      ByteVector values[size];
      for (size_t k = 0; k < size; ++k) values[k] = hn::LoadU(Bytes(), rows[k] + at);
      sort<size>(values);
      for (size_t k = 0; k < size; ++k) hn::StoreU(values[k], Bytes(), column(k) + at + margin - place);
    }
    for (size_t k = 0; k < size; ++k) {
      for (size_t i = before; i-- > 0;) column(k)[i] = column(k)[i + step];
      for (size_t i = end + margin - place; i < length + 2 * margin; ++i) column(k)[i] = column(k)[i - step];
    }
  }

  void merge_pairs() {
    for (size_t i = 0; i < length + 2 * radius * step; i += lanes) {
      ByteVector first[size], second[size], merged[2 * size];
      load<size>(column(0) + i, first);
      load<size>(column(0) + i + step, second);
      merge<size, size>(first, second, merged);
      for (size_t k = 0; k < 2 * size; ++k) hn::StoreU(merged[k], Bytes(), pair(k) + i);
    }
  }

  template <size_t ranks>
  HWY_INLINE void load(const uint8_t *first, ByteVector *values) const {
    for (size_t k = 0; k < ranks; ++k) values[k] = hn::LoadU(Bytes(), first + k * stride);
  }

  /// One vector of medians.
  HWY_INLINE void select(size_t i, uint8_t *output) {
    if constexpr (size == 3) {
      hn::StoreU(median_of_columns(i), Bytes(), output + i);
    } else {
      hn::StoreU(median_of_pairs(i), Bytes(), output + i);
    }
  }

  /// Of three columns: the median of the highest of the lowest, the middle of the middle and the lowest of the highest.
  HWY_INLINE ByteVector median_of_columns(size_t i) {
    ByteVector lowest[3], middle[3], highest[3];
    for (size_t k = 0; k < 3; ++k) {
      lowest[k] = hn::LoadU(Bytes(), column(0) + i + k * step);
      middle[k] = hn::LoadU(Bytes(), column(1) + i + k * step);
      highest[k] = hn::LoadU(Bytes(), column(2) + i + k * step);
    }
    return middle_of(hn::Max(hn::Max(lowest[0], lowest[1]), lowest[2]), middle_of(middle[0], middle[1], middle[2]),
                     hn::Min(hn::Min(highest[0], highest[1]), highest[2]));
  }

  static HWY_INLINE ByteVector middle_of(ByteVector a, ByteVector b, ByteVector c) {
    return hn::Max(hn::Min(a, b), hn::Min(hn::Max(a, b), c));
  }

  /// Of two pairs of columns, and the last column or the last three.
  HWY_INLINE ByteVector median_of_pairs(size_t i) {
    ByteVector first[2 * size], second[2 * size], left[4 * size], right[3 * size];
    load<2 * size>(pair(0) + i, first);
    load<2 * size>(pair(0) + i + 2 * step, second);
    merge<2 * size, 2 * size>(first, second, left);
    if constexpr (size == 5) {
      load<size>(column(0) + i + 4 * step, right);
    } else {
      load<2 * size>(pair(0) + i + 4 * step, first);
      load<size>(column(0) + i + 6 * step, second);
      merge<2 * size, size>(first, second, right);
    }
    return ranked<4 * size, (size - 4) * size, size * size / 2>(left, right);
  }

  size_t count, step, length, stride;
  std::vector<uint8_t> sorted, pairs;
};

template <size_t size>
void median_of(const View &input, View &output) {
  MedianRow<size> row(input.row_length(), static_cast<size_t>(input.channels));
  const int radius = size / 2;
  for (int y = 0; y < input.height; ++y) {
    const uint8_t *rows[size];
    for (int k = -radius; k <= radius; ++k) rows[k + radius] = input.row(std::clamp(y + k, 0, input.height - 1));
    row.run(rows, output.row(y));
  }
}

/// For rows at least as long as a vector.
void median(const View &input, View &output, int size) {
  switch (size) {
    case 3: return median_of<3>(input, output);
    case 5: return median_of<5>(input, output);
    default: return median_of<7>(input, output);
  }
}

size_t shortest_row() { return lanes; }

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(median);
HWY_EXPORT(shortest_row);

}  // namespace cimaging

cimaging_status cimaging_median(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t size,
                                cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(size > 0 && size % 2 == 1, "the size is not odd");
    const bool is_narrow = input.row_length() < HWY_DYNAMIC_DISPATCH(shortest_row)();
    if (size < 3 || size > 7 || is_narrow) return opencv::median(input, output, size);
    HWY_DYNAMIC_DISPATCH(median)(input, output, size);
  });
}

#endif
