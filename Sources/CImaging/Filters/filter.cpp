#include <opencv2/imgproc.hpp>

#include "Filters/correlate.hpp"
#include "Filters/gaussian.hpp"
#include "guard.hpp"
#include "include/cimaging_transforms.h"
#include "Filters/separable.hpp"

namespace {

/// From this many cells on OpenCV correlates by Fourier transforms.
constexpr int largest_direct = 129;

}  // namespace

cimaging_status cimaging_filter_separable(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const double *taps, int32_t count, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    CV_Assert(input.size() == output.size() && input.type() == output.type());
    if (cimaging::filter_symmetric(input, output, taps, count)) return;
    const cv::Mat kernel(count, 1, CV_64F, const_cast<double *>(taps));
    cv::sepFilter2D(input, output, -1, kernel, kernel);
  });
}

cimaging_status cimaging_gaussian_blur(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t size,
                                       double sigma, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    cimaging::gaussian_blur(input, output, size, sigma);
  });
}

cimaging_status cimaging_correlate(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const float *kernel, int32_t size, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    const cv::Mat weights(size, size, CV_32F, const_cast<float *>(kernel));
    if (size * size <= largest_direct) return cimaging::correlate(input, output, weights);
    cv::filter2D(input, output, -1, weights);
  });
}

cimaging_status cimaging_unsharp(const cimaging_pixels *source, const cimaging_pixels *destination, double amount,
                                 int32_t size, double sigma, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    CV_Assert(input.size() == output.size() && input.type() == output.type());
    CV_Assert(size > 0 && size % 2 == 1);
    const cv::Mat taps = cv::getGaussianKernel(size, sigma, CV_32F);
    const cimaging::Mixture mixture{1 + amount, -amount};
    cimaging::filter_mixed(input, output, taps, mixture);
  });
}
