#ifndef CIMAGING_STRIPS_HPP
#define CIMAGING_STRIPS_HPP

#include <algorithm>
#include <opencv2/core.hpp>

namespace cimaging {

/// Calls `body` with one range of rows after another, each small enough that what is made of it stays in the cache.
template <typename Body>
void each_strip(const cv::Mat &image, Body body) {
  const int rows = std::max(1, 8192 / image.cols);
  for (int first = 0; first < image.rows; first += rows) body(cv::Range(first, std::min(first + rows, image.rows)));
}

}  // namespace cimaging

#endif
