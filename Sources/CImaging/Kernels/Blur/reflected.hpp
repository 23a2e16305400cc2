#ifndef CIMAGING_REFLECTED_HPP
#define CIMAGING_REFLECTED_HPP

#include <algorithm>
#include <vector>

#include "view.hpp"

namespace cimaging {

/// A byte range of every row, extended by a filter's radius on both sides; beyond the edge the row is reflected about
/// its outermost pixels.
class Stretch {
 public:
  /// Bytes `first` ..< `first` + `length` of rows like those of `image`.
  Stretch(const View &image, int first, int length, int radius) {
    const int channels = image.channels, count = image.width * channels;
    const int begin = first - radius * channels, end = first + length + radius * channels;
    start = std::clamp(begin, 0, count);
    inside = std::max(std::min(end, count) - start, 0);
    for (int i = begin; i < std::min(end, 0); ++i) left.push_back(place(image, i));
    for (int i = std::max(begin, count); i < end; ++i) right.push_back(place(image, i));
  }

  /// Source positions of the bytes before the row's first.
  std::vector<int> left;
  /// First byte and number of bytes inside the row.
  int start, inside;
  /// Source positions of the bytes after the row's last.
  std::vector<int> right;

  /// Fetches the part of row `y` that lies inside into the cache. Strips are shorter than the pages that processors
  /// recognize sequences in: the first bytes of each row would be waited for.
  void prefetch(const View &image, int y) const {
    const uint8_t *row = image.row(std::min(y, image.height - 1)) + start;
    for (int i = 0; i < inside; i += 64) __builtin_prefetch(row + i);
  }

  /// Copies the bytes of a row.
  void copy(const uint8_t *row, uint8_t *bytes) const {
    for (const int place : left) *bytes++ = row[place];
    bytes = std::copy_n(row + start, inside, bytes);
    for (const int place : right) *bytes++ = row[place];
  }

  /// Total number of bytes.
  size_t size() const { return left.size() + static_cast<size_t>(inside) + right.size(); }

 private:
  static int place(const View &image, int i) {
    const int channels = image.channels, channel = (i % channels + channels) % channels;
    return reflected((i - channel) / channels, image.width) * channels + channel;
  }
};

/// Values whose first lies on a boundary of cache lines, which no aligned vector crosses.
template <typename Value>
class AlignedValues {
 public:
  explicit AlignedValues(size_t count) : values(count + line) {
    const size_t past = reinterpret_cast<uintptr_t>(values.data()) / sizeof(Value) % line;
    first = values.data() + (line - past) % line;
  }

  AlignedValues(const AlignedValues &) = delete;

  Value *data() { return first; }

 private:
  static constexpr size_t line = 64 / sizeof(Value);

  std::vector<Value> values;
  Value *first;
};

/// A ring of rows for a filter that runs from top to bottom. It holds the rows that `together` output rows depend on; a
/// row is overwritten once no longer needed.
template <typename Value>
class RowRing {
 public:
  /// Rows `-radius` ..< `height` + `radius` + `together` - 1 can be read once they have been written.
  RowRing(int height, int radius, int together, size_t length)
      : kept(2 * radius + together), length(length), values(static_cast<size_t>(kept) * length) {
    for (int y = -radius; y < height + radius + together - 1; ++y) {
      places.push_back(row(reflected(y, height)));
    }
  }

  /// Storage of row `y` of the image.
  Value *row(int y) { return values.data() + static_cast<size_t>(y % kept) * length; }

  /// The rows from `y` - radius on, reflected beyond the edge.
  const Value *const *about(int y) const { return places.data() + y; }

 private:
  int kept;
  size_t length;
  AlignedValues<Value> values;
  std::vector<const Value *> places;
};

}  // namespace cimaging

#endif
