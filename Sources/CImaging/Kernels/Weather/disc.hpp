#ifndef CIMAGING_DISC_HPP
#define CIMAGING_DISC_HPP

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstdint>

#include "view.hpp"

namespace cimaging {

/// The pixels whose distance from a centre is at most `radius`: those that OpenCV's `circle` fills.
struct Disc {
  int64_t x, y, radius;

  /// Columns first ..< end; empty if first is not below end.
  struct Run {
    int first, end;
  };

  bool reaches(int row) const { return std::abs(row - y) <= radius; }

  /// The rows of an image that it reaches.
  Run rows(int height) const { return clamped(y, radius, height); }

  /// Its columns in a row, of an image of `width`.
  Run columns(int row, int width) const {
    if (!reaches(row)) return {0, 0};
    const int64_t distance = row - y;
    return clamped(x, root(radius * radius - distance * distance), width);
  }

 private:
  static Run clamped(int64_t center, int64_t reach, int length) {
    const auto inside = [&](int64_t place) { return static_cast<int>(std::clamp<int64_t>(place, 0, length)); };
    return {inside(center - reach), inside(center + reach + 1)};
  }

  /// The largest integer whose square is at most `square`, which is below 2^62.
  static int64_t root(int64_t square) {
    auto guess = static_cast<int64_t>(std::sqrt(static_cast<double>(square)));
    while (guess * guess > square) --guess;
    while ((guess + 1) * (guess + 1) <= square) ++guess;
    return guess;
  }
};

}  // namespace cimaging

#endif
