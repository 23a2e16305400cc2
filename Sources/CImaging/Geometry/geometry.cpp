#include <algorithm>

#include "guard.hpp"
#include "include/cimaging_transforms.h"
#include "Geometry/mirror.hpp"
#include "Geometry/transpose.hpp"

namespace {

/// Mirrors each row, and where `is_turned` puts it where the opposite one was.
void mirror(const cv::Mat &input, cv::Mat &output, bool is_turned) {
  const auto width = static_cast<size_t>(input.cols), channels = static_cast<size_t>(input.channels());
  for (int y = 0; y < input.rows; ++y) {
    cimaging::mirror_row(input.ptr(y), output.ptr(is_turned ? input.rows - 1 - y : y), width, channels);
  }
}

cimaging::PixelRows downward(const cv::Mat &image) { return {image.data, static_cast<ptrdiff_t>(image.step[0])}; }

cimaging::PixelRows upward(const cv::Mat &image) {
  return {image.data + image.step[0] * static_cast<size_t>(image.rows - 1), -static_cast<ptrdiff_t>(image.step[0])};
}

/// Rows from bottom to top; OpenCV swaps them two by two, which costs as much again.
void flip(const cv::Mat &input, cv::Mat &output) {
  const size_t count = static_cast<size_t>(input.cols) * input.elemSize();
  for (int y = 0; y < input.rows; ++y) std::copy_n(input.ptr(y), count, output.ptr(input.rows - 1 - y));
}

/// Turns by one quarter, counter-clockwise or clockwise.
void turn(const cv::Mat &input, cv::Mat &output, bool is_clockwise) {
  CV_Assert(input.rows == output.cols && input.cols == output.rows && input.type() == output.type());
  if (input.channels() != 3) {
    return cv::rotate(input, output, is_clockwise ? cv::ROTATE_90_CLOCKWISE : cv::ROTATE_90_COUNTERCLOCKWISE);
  }
  const auto from = is_clockwise ? upward(input) : downward(input);
  const auto to = is_clockwise ? downward(output) : upward(output);
  cimaging::transpose(from, to, input.cols, input.rows);
}

}  // namespace

cimaging_status cimaging_flip(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t code,
                              cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    CV_Assert(input.size() == output.size() && input.type() == output.type());
    if (code == 1) return mirror(input, output, false);
    flip(input, output);
  });
}

cimaging_status cimaging_rotate90(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t quarters,
                                  cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    switch (quarters & 3) {
      case 0: input.copyTo(output); break;
      case 2:
        CV_Assert(input.size() == output.size() && input.type() == output.type());
        mirror(input, output, true);
        break;
      default: turn(input, output, (quarters & 3) == 3); break;
    }
  });
}

cimaging_status cimaging_transpose(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   int32_t is_transverse, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    CV_Assert(input.rows == output.cols && input.cols == output.rows && input.type() == output.type());
    if (input.channels() == 3) {
      const auto from = is_transverse ? upward(input) : downward(input);
      return cimaging::transpose(from, is_transverse ? upward(output) : downward(output), input.cols, input.rows);
    }
    cv::transpose(input, output);
    if (is_transverse) cv::flip(output, output, -1);
  });
}
