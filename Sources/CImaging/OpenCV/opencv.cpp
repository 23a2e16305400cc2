#include "OpenCV/opencv.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>
// Needs imgproc.hpp.
#include <opencv2/core/softfloat.hpp>

#include "OpenCV/call.hpp"
#include "include/cimaging_core.h"

namespace cimaging::opencv {

namespace {

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

void fill_quadrilateral(uint16_t *plane, int width, int height, const int32_t *corners, uint16_t value) {
  call([&] {
    cv::Mat picture(height, width, CV_16U, plane);
    cv::Point points[4];
    for (int i = 0; i < 4; ++i) points[i] = cv::Point(corners[2 * i], corners[2 * i + 1]);
    cv::fillConvexPoly(picture, points, 4, cv::Scalar(value));
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

void transform_rows(float *numbers, int rows, int length, bool is_inverse) {
  call([&] {
    cv::Mat plane(rows, length, CV_32FC2, numbers);
    cv::dft(plane, plane, cv::DFT_ROWS | (is_inverse ? cv::DFT_INVERSE | cv::DFT_SCALE : 0));
  });
}

void add_weighted(const View &first, double weight, const View &second, double second_weight, View &output) {
  call(first, output, [&](const cv::Mat &source, cv::Mat &destination) {
    cv::addWeighted(source, weight, matrix(second), second_weight, 0, destination);
  });
}

void change_channels(const View &input, View &output) {
  call(input, output, [&](const cv::Mat &source, cv::Mat &destination) {
    cv::cvtColor(source, destination, input.channels == 1 ? cv::COLOR_GRAY2RGB : cv::COLOR_RGB2GRAY);
  });
}

void solve(double *matrix, double *values, int side, int columns) {
  call([&] {
    cv::Mat solution;
    const cv::Mat right(side, columns, CV_64F, values);
    require(cv::solve(cv::Mat(side, side, CV_64F, matrix), right, solution, cv::DECOMP_LU),
            "equations without solution");
    solution.copyTo(right);
  });
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
