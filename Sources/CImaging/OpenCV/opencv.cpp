#include "OpenCV/opencv.hpp"

#include <algorithm>
#include <new>
#include <opencv2/imgproc.hpp>
// Needs imgproc.hpp.
#include <opencv2/core/softfloat.hpp>

#include "include/cimaging_core.h"

namespace cimaging::opencv {

namespace {

cv::Mat matrix(const View &view) {
  return cv::Mat(view.height, view.width, CV_8UC(view.channels), const_cast<uint8_t *>(view.pixels), view.stride);
}

/// Calls OpenCV and rethrows its out-of-memory error as `std::bad_alloc`.
template <typename Body>
void call(Body body) {
  try {
    body();
  } catch (const cv::Exception &error) {
    if (error.code == cv::Error::StsNoMem) throw std::bad_alloc();
    throw;
  }
}

/// As `call`, with matrices that wrap the images. OpenCV reallocates the destination if its size or type does not
/// match.
template <typename Body>
void call(const View &input, View &output, Body body) {
  call([&] {
    cv::Mat destination = matrix(output);
    body(matrix(input), destination);
    require(destination.data == output.pixels, "the destination has another shape");
  });
}

std::array<double, 9> nine(const cv::Mat &matrix) {
  std::array<double, 9> numbers;
  std::copy_n(matrix.ptr<double>(), 9, numbers.data());
  return numbers;
}

}  // namespace

void filter_separable(const View &input, View &output, const double *taps, int count) {
  call(input, output, [&](const cv::Mat &source, cv::Mat &destination) {
    const cv::Mat kernel(count, 1, CV_64F, const_cast<double *>(taps));
    cv::sepFilter2D(source, destination, -1, kernel, kernel);
  });
}

void correlate(const View &input, View &output, const float *kernel, int size) {
  call(input, output, [&](const cv::Mat &source, cv::Mat &destination) {
    cv::filter2D(source, destination, -1, cv::Mat(size, size, CV_32F, const_cast<float *>(kernel)));
  });
}

void box_blur(const View &input, View &output, int size) {
  call(input, output,
       [&](const cv::Mat &source, cv::Mat &destination) { cv::blur(source, destination, cv::Size(size, size)); });
}

void median(const View &input, View &output, int size) {
  call(input, output, [&](const cv::Mat &source, cv::Mat &destination) { cv::medianBlur(source, destination, size); });
}

void rotate(const View &input, View &output, bool is_clockwise) {
  call(input, output, [&](const cv::Mat &source, cv::Mat &destination) {
    cv::rotate(source, destination, is_clockwise ? cv::ROTATE_90_CLOCKWISE : cv::ROTATE_90_COUNTERCLOCKWISE);
  });
}

void transpose(const View &input, View &output, bool is_transverse) {
  call(input, output, [&](const cv::Mat &source, cv::Mat &destination) {
    cv::transpose(source, destination);
    if (is_transverse) cv::flip(destination, destination, -1);
  });
}

void resize(const View &input, View &output, int interpolation) {
  call(input, output, [&](const cv::Mat &source, cv::Mat &destination) {
    cv::resize(source, destination, destination.size(), 0, 0, interpolation);
  });
}

void rescale(const View &input, View &output, double scale, int interpolation) {
  call(input, output, [&](const cv::Mat &source, cv::Mat &destination) {
    cv::resize(source, destination, cv::Size(), scale, scale, interpolation);
  });
}

void remap(const View &input, View &output, int first, int end, const int16_t *whole, const uint16_t *fraction,
           const cimaging_resampling &resampling) {
  View strip{output.row(first), output.width, end - first, output.channels, output.stride};
  call(input, strip, [&](const cv::Mat &source, cv::Mat &destination) {
    const cv::Mat places(strip.height, strip.width, CV_16SC2, const_cast<int16_t *>(whole));
    const cv::Mat rest(strip.height, strip.width, CV_16U, const_cast<uint16_t *>(fraction));
    cv::remap(source, destination, places, rest, resampling.interpolation, resampling.border_mode,
              cv::Scalar(resampling.fill[0], resampling.fill[1], resampling.fill[2]));
  });
}

std::vector<double> gaussian_taps(int count, double sigma) {
  std::vector<double> taps;
  call([&] { cv::getGaussianKernel(count, sigma, CV_64F).copyTo(taps); });
  return taps;
}

std::vector<float> float_gaussian_taps(int count, double sigma) {
  std::vector<float> taps;
  call([&] { cv::getGaussianKernel(count, sigma, CV_32F).copyTo(taps); });
  return taps;
}

void blur_plane(const float *plane, int width, int height, double sigma, float *blurred) {
  call([&] {
    cv::Mat output(height, width, CV_32F, blurred);
    cv::GaussianBlur(cv::Mat(height, width, CV_32F, const_cast<float *>(plane)), output, cv::Size(0, 0), sigma, sigma,
                     cv::BORDER_REPLICATE);
  });
}

std::array<double, 9> perspective(const float *from, const float *to) {
  cv::Point2f corners[4], targets[4];
  for (int i = 0; i < 4; ++i) {
    corners[i] = cv::Point2f(from[2 * i], from[2 * i + 1]);
    targets[i] = cv::Point2f(to[2 * i], to[2 * i + 1]);
  }
  std::array<double, 9> result;
  call([&] { result = nine(cv::getPerspectiveTransform(corners, targets)); });
  return result;
}

std::array<double, 9> inverse(const double *matrix) {
  std::array<double, 9> result;
  call([&] {
    cv::Mat inverted;
    cv::invert(cv::Mat(3, 3, CV_64F, const_cast<double *>(matrix)), inverted);
    result = nine(inverted);
  });
  return result;
}

int lab_root(int i, int linear_fraction, int root_fraction) {
  const cv::softfloat x = cv::softfloat(i) / cv::softfloat(255 << linear_fraction);
  const cv::softfloat least = cv::softfloat(216) / cv::softfloat(24389);
  const cv::softfloat slope = cv::softfloat(841) / cv::softfloat(108), start = cv::softfloat(16) / cv::softfloat(116);
  const cv::softfloat root = x < least ? cv::mulAdd(x, slope, start) : cv::cbrt(x);
  return cvRound(root * cv::softfloat(1 << root_fraction));
}

}  // namespace cimaging::opencv

void cimaging_use_one_thread(void) { cv::setNumThreads(0); }

const char *cimaging_opencv_version(void) { return CV_VERSION; }
