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

/// Stores a vector, or `count` bytes of it.
HWY_INLINE void put(ByteVector medians, uint8_t *output, size_t count) {
  if (count >= lanes) return hn::StoreU(medians, Bytes(), output);
  uint8_t last[lanes];
  hn::StoreU(medians, Bytes(), last);
  std::copy_n(last, count, output);
}

/// A stretch of all rows: the medians of `size` × `size` bytes, two rows at a time.
///
/// Each byte is sorted with its neighbours in the row once. The rows that both windows have in common are merged for
/// both, in pairs that the next windows use again; then each window adds the row of its own.
template <size_t size>
class MedianTile {
 public:
  explicit MedianTile(const View &input)
      : input(input),
        step(static_cast<size_t>(input.channels)),
        length(std::min(longest, (input.row_length() + lanes - 1) / lanes * lanes)),
        memory((kept * size + radius * 2 * size) * length + lanes),
        ranks(memory.data() + lanes - reinterpret_cast<uintptr_t>(memory.data()) % lanes),
        row(length + 2 * radius * step + lanes),
        beyond(length) {}

  /// Bytes of a row that are processed at once, so that the sorted rows stay in the L1 cache.
  static constexpr size_t longest = 24576 / (size * (2 * size)) / lanes * lanes;

  void run(View &output, size_t first, size_t count) {
    const int radius = size / 2, last = input.height - 1;
    int ready = 0;
    for (int y = 0; y <= last; y += 2) {
      for (; ready <= std::min(y + 1 + radius, last); ++ready) sort_row(ready, first, count);
      for (int k = y == 0 ? 0 : radius - 1; k < radius; ++k) merge_pair(y - radius + 1 + 2 * k, pair_of(y, k), count);
      uint8_t *lower = y < last ? output.row(y + 1) + first : beyond.data();
      for (size_t i = 0; i < count; i += lanes) select(y, i, count, output.row(y) + first, lower);
    }
  }

 private:
  static constexpr size_t radius = size / 2, kept = size + 1;

  /// The sorted neighbours of the bytes of row `y`, rank after rank.
  uint8_t *sorted(int y) {
    const int inside = std::clamp(y, 0, input.height - 1);
    return ranks + static_cast<size_t>(inside) % kept * size * length;
  }

  /// Pair `k` of those that rows `y` and `y` + 1 have in common.
  uint8_t *pair_of(int y, int k) {
    const size_t place = (static_cast<size_t>(y) / 2 + static_cast<size_t>(k)) % radius;
    return ranks + (kept + 2 * place) * size * length;
  }

  template <size_t count>
  HWY_INLINE void load(const uint8_t *first, ByteVector *values) const {
    for (size_t k = 0; k < count; ++k) values[k] = hn::LoadU(Bytes(), first + k * length);
  }

  template <size_t count>
  HWY_INLINE void store(const ByteVector *values, uint8_t *first) const {
    for (size_t k = 0; k < count; ++k) hn::StoreU(values[k], Bytes(), first + k * length);
  }

  /// Beyond the edge the outermost pixel is repeated.
  void sort_row(int y, size_t first, size_t count) {
    const uint8_t *bytes = input.row(y);
    const size_t margin = radius * step, whole = input.row_length();
    const size_t begin = first - std::min(first, margin), end = std::min(first + count + margin, whole);
    const uint8_t *ahead = input.row(std::min(y + 3, input.height - 1));
    for (size_t i = begin; i < end; i += 64) __builtin_prefetch(ahead + i);
    uint8_t *inside = row.data() + (begin + margin - first);
    std::copy(bytes + begin, bytes + end, inside);
    for (size_t i = begin + margin - first; i-- > 0;) row[i] = row[i + step];
    for (size_t i = end + margin - first; i < count + 2 * margin; ++i) row[i] = row[i - step];
    for (size_t i = 0; i < count; i += lanes) {
      ByteVector values[size];
      for (size_t k = 0; k < size; ++k) values[k] = hn::LoadU(Bytes(), row.data() + i + k * step);
      sort<size>(values);
      store<size>(values, sorted(y) + i);
    }
  }

  void merge_pair(int y, uint8_t *pair, size_t count) {
    const uint8_t *upper = sorted(y), *lower = sorted(y + 1);
    for (size_t i = 0; i < count; i += lanes) {
      ByteVector first[size], second[size], merged[2 * size];
      load<size>(upper + i, first);
      load<size>(lower + i, second);
      merge<size, size>(first, second, merged);
      store<2 * size>(merged, pair + i);
    }
  }

  /// Merges pairs `k` and up into `merged`.
  template <size_t k>
  HWY_INLINE void merge_pairs(int y, size_t i, ByteVector *merged) {
    if constexpr (k + 1 == radius) {
      load<2 * size>(pair_of(y, k) + i, merged);
    } else {
      constexpr size_t rest = 2 * size * (radius - k - 1);
      ByteVector first[2 * size], others[rest];
      load<2 * size>(pair_of(y, k) + i, first);
      merge_pairs<k + 1>(y, i, others);
      merge<2 * size, rest>(first, others, merged);
    }
  }

  /// A vector of medians of both rows.
  HWY_INLINE void select(int y, size_t i, size_t count, uint8_t *upper, uint8_t *lower) {
    constexpr size_t common = (size - 1) * size, middle = size * size / 2;
    ByteVector both[common], own[size];
    merge_pairs<0>(y, i, both);
    load<size>(sorted(y - static_cast<int>(radius)) + i, own);
    put(ranked<common, size, middle>(both, own), upper + i, count - i);
    load<size>(sorted(y + 1 + static_cast<int>(radius)) + i, own);
    put(ranked<common, size, middle>(both, own), lower + i, count - i);
  }

  const View &input;
  size_t step, length;
  std::vector<uint8_t> memory;
  /// The sorted rows, then the pairs; aligned to a vector.
  uint8_t *ranks;
  std::vector<uint8_t> row, beyond;
};

template <size_t size>
void median_of(const View &input, View &output) {
  MedianTile<size> tile(input);
  const size_t count = input.row_length(), longest = tile.longest;
  for (size_t first = 0; first < count; first += longest) tile.run(output, first, std::min(longest, count - first));
}

HWY_INLINE ByteVector middle_of(ByteVector a, ByteVector b, ByteVector c) {
  return hn::Max(hn::Min(a, b), hn::Min(hn::Max(a, b), c));
}

/// Medians of 3 × 3 bytes, two rows of them from four rows. So few values take longer to keep than to sort again.
class SmallMedian {
 public:
  explicit SmallMedian(const View &image)
      : whole(image.row_length()), step(static_cast<size_t>(image.channels)), padded(4 * (lanes + 2 * step)) {}

  void run(const uint8_t *const *rows, uint8_t *above, uint8_t *below) {
    if (whole < lanes + 2 * step) {
      for (size_t i = 0; i < whole; i += lanes) run_padded(rows, i, std::min(lanes, whole - i), above, below);
      return;
    }
    const size_t last = whole - step - lanes;
    for (size_t i = step; i < last; i += lanes) select(rows, i, above + i, below + i);
    select(rows, last, above + last, below + last);
    run_padded(rows, 0, step, above, below);
    run_padded(rows, whole - step, step, above, below);
  }

 private:
  /// Three columns, each sorted.
  struct Columns {
    ByteVector lowest[3], middle[3], highest[3];

    /// The median of the highest of the lowest, the middle of the middle and the lowest of the highest.
    HWY_INLINE ByteVector median() const {
      return middle_of(hn::Max(hn::Max(lowest[0], lowest[1]), lowest[2]), middle_of(middle[0], middle[1], middle[2]),
                       hn::Min(hn::Min(highest[0], highest[1]), highest[2]));
    }

    /// Adds a byte to two that are sorted.
    HWY_INLINE void sort(size_t k, ByteVector low, ByteVector high, ByteVector other) {
      lowest[k] = hn::Min(low, other);
      middle[k] = hn::Min(high, hn::Max(low, other));
      highest[k] = hn::Max(high, other);
    }
  };

  /// A vector of each row. Both have the middle rows in common.
  HWY_INLINE void select(const uint8_t *const *rows, size_t i, uint8_t *above, uint8_t *below) const {
    Columns upper, lower;
    for (size_t k = 0; k < 3; ++k) {
      const size_t place = i + k * step - step;
      const ByteVector first = hn::LoadU(Bytes(), rows[1] + place), second = hn::LoadU(Bytes(), rows[2] + place);
      const ByteVector low = hn::Min(first, second), high = hn::Max(first, second);
      upper.sort(k, low, high, hn::LoadU(Bytes(), rows[0] + place));
      lower.sort(k, low, high, hn::LoadU(Bytes(), rows[3] + place));
    }
    hn::StoreU(upper.median(), Bytes(), above);
    hn::StoreU(lower.median(), Bytes(), below);
  }

  /// `count` bytes near the edge, beyond which the outermost pixel is repeated.
  void run_padded(const uint8_t *const *rows, size_t first, size_t count, uint8_t *above, uint8_t *below) {
    const uint8_t *from[4];
    for (size_t k = 0; k < 4; ++k) {
      uint8_t *bytes = padded.data() + k * (lanes + 2 * step);
      from[k] = bytes;
      for (size_t i = first; i < first + count + 2 * step; ++i) {
        const size_t inside = std::min(std::max(i, i % step + step), whole + i % step);
        *bytes++ = rows[k][inside - step];
      }
    }
    uint8_t upper[lanes], lower[lanes];
    select(from, step, upper, lower);
    std::copy_n(upper, count, above + first);
    std::copy_n(lower, count, below + first);
  }

  size_t whole, step;
  /// Four rows of a block.
  std::vector<uint8_t> padded;
};

void median_of_three(const View &input, View &output) {
  SmallMedian median(input);
  std::vector<uint8_t> beyond(input.row_length());
  for (int y = 0; y < input.height; y += 2) {
    const uint8_t *rows[4];
    for (int k = 0; k < 4; ++k) rows[k] = input.row(std::clamp(y + k - 1, 0, input.height - 1));
    uint8_t *below = y + 1 < input.height ? output.row(y + 1) : beyond.data();
    median.run(rows, output.row(y), below);
  }
}

void median(const View &input, View &output, int size) {
  switch (size) {
    case 3: return median_of_three(input, output);
    case 5: return median_of<5>(input, output);
    default: return median_of<7>(input, output);
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(median);

}  // namespace cimaging

cimaging_status cimaging_median(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t size,
                                cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(size > 0 && size % 2 == 1, "the size is not odd");
    if (size < 3 || size > 7) return opencv::median(input, output, size);
    HWY_DYNAMIC_DISPATCH(median)(input, output, size);
  });
}

#endif
