#ifndef CIMAGING_GAUSSIAN_HPP
#define CIMAGING_GAUSSIAN_HPP

#include <opencv2/core.hpp>

namespace cimaging {

/// Blurs to the bytes of OpenCV's `GaussianBlur` of 8 bits, with an odd number of taps; beyond the edge the image is
/// reflected about its outermost pixels.
void gaussian_blur(const cv::Mat &input, cv::Mat &output, int taps, double sigma);

}  // namespace cimaging

#endif
