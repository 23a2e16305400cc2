#include <opencv2/imgproc.hpp>

#include "guard.hpp"
#include "include/cimaging_transforms.h"

cimaging_status cimaging_filter_separable(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const double *taps, int32_t count, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    const cv::Mat kernel(count, 1, CV_64F, const_cast<double *>(taps));
    cv::sepFilter2D(input, output, -1, kernel, kernel);
  });
}

cimaging_status cimaging_correlate(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const float *kernel, int32_t size, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    cv::filter2D(input, output, -1, cv::Mat(size, size, CV_32F, const_cast<float *>(kernel)));
  });
}

cimaging_status cimaging_unsharp(const cimaging_pixels *source, const cimaging_pixels *destination, double amount,
                                 int32_t size, double sigma, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    cv::Mat exact, blurred;
    input.convertTo(exact, CV_32F);
    cv::GaussianBlur(exact, blurred, cv::Size(size, size), sigma, sigma);
    cv::addWeighted(exact, 1 + amount, blurred, -amount, 0, output, CV_8U);
  });
}
