#ifndef CIMAGING_REFLECTED_HPP
#define CIMAGING_REFLECTED_HPP

#include <algorithm>
#include <vector>

#include "view.hpp"

namespace cimaging {

/// A stretch of the bytes of every row, with what a filter of some radius sees on both sides of it; beyond the edge the
/// row is reflected about its outermost pixels.
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

  /// Where in a row each byte is read from that lies before the row's first.
  std::vector<int> left;
  /// The stretch's bytes inside the row.
  int start, inside;
  /// As `left`, of those behind the row's last.
  std::vector<int> right;

  /// Bytes in all.
  size_t size() const { return left.size() + static_cast<size_t>(inside) + right.size(); }

 private:
  static int place(const View &image, int i) {
    const int channels = image.channels, channel = (i % channels + channels) % channels;
    return reflected((i - channel) / channels, image.width) * channels + channel;
  }
};

/// Rows of values that a filter of some radius works on from top to bottom: as many as it needs for the rows
/// worked on together, each overwritten when no longer seen.
template <typename Value>
class RowRing {
 public:
  /// Rows `-radius` ..< `height` + `radius` + `together` - 1 can be asked for once they have been written.
  RowRing(int height, int radius, int together, size_t length)
      : kept(2 * radius + together), length(length), values(static_cast<size_t>(kept) * length) {
    for (int y = -radius; y < height + radius + together - 1; ++y) {
      places.push_back(row(reflected(y, height)));
    }
  }

  /// Where row `y` of the image is written.
  Value *row(int y) { return values.data() + static_cast<size_t>(y % kept) * length; }

  /// The reflected rows from `y` - radius on.
  const Value *const *about(int y) const { return places.data() + y; }

 private:
  int kept;
  size_t length;
  std::vector<Value> values;
  std::vector<const Value *> places;
};

}  // namespace cimaging

#endif
