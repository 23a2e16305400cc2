#ifndef CIMAGING_SEPARABLE_HPP
#define CIMAGING_SEPARABLE_HPP

#include <opencv2/core.hpp>
#include <vector>

namespace cimaging {

/// Filters rows and columns with the same symmetric taps; false, and nothing done, where they are of another kind. On any
/// processor the bytes are those of OpenCV's `sepFilter2D` on one with fused multiply and add.
bool filter_symmetric(const cv::Mat &input, cv::Mat &output, const double *taps, int count);

/// Weights of an image and of what a filter makes of it.
struct Mixture {
  double source, filtered;
};

/// Filters rows and columns with the same odd number of symmetric taps as OpenCV does with floats, and mixes the result
/// with the image before it is rounded.
void filter_mixed(const cv::Mat &input, cv::Mat &output, const std::vector<float> &taps, const Mixture &mixture);

}  // namespace cimaging

#endif
