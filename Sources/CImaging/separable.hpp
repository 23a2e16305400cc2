#ifndef CIMAGING_SEPARABLE_HPP
#define CIMAGING_SEPARABLE_HPP

#include <opencv2/core.hpp>

namespace cimaging {

/// Filters rows and columns with the same symmetric taps, to the bytes of OpenCV's `sepFilter2D` on a processor
/// with fused multiply and add, which ours are on any; false, and nothing done, where the taps are of another kind.
bool filter_symmetric(const cv::Mat &input, cv::Mat &output, const double *taps, int count);

}  // namespace cimaging

#endif
