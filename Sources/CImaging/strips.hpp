#ifndef CIMAGING_STRIPS_HPP
#define CIMAGING_STRIPS_HPP

#include <algorithm>
#include <opencv2/core.hpp>

#include "neighbors.hpp"

namespace cimaging {

/// Calls `body` with one range of rows after another, each small enough that what is made of it stays in the cache.
template <typename Body>
void each_strip(const cv::Mat &image, Body body) {
  const int rows = std::max(1, 8192 / image.cols);
  for (int first = 0; first < image.rows; first += rows) body(cv::Range(first, std::min(first + rows, image.rows)));
}

/// Calls `body(y, first, count)` for one piece of a row after another, from left to right, of as many pixels as `Places`
/// holds.
template <typename Body>
void each_piece(int width, cv::Range rows, Body body) {
  for (int y = rows.start; y < rows.end; ++y) {
    for (int first = 0; first < width; first += Places::capacity) {
      body(y, first, std::min(Places::capacity, width - first));
    }
  }
}

/// The length of a row of numbers that vectors may read and write past its end.
inline size_t padded_width(int width) { return (static_cast<size_t>(width) + 15) / 16 * 16; }

}  // namespace cimaging

#endif
