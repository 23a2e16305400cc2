#ifndef CIMAGING_CORRELATE_HPP
#define CIMAGING_CORRELATE_HPP

#include <opencv2/core.hpp>

namespace cimaging {

/// Correlates with a square kernel of floats directly, in time that grows with its cells that are not zero; beyond the
/// edge the image is reflected about its outermost pixels.
void correlate(const cv::Mat &input, cv::Mat &output, const cv::Mat &kernel);

}  // namespace cimaging

#endif
