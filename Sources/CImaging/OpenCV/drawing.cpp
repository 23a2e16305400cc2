#include "OpenCV/drawing.hpp"

#include <opencv2/imgproc.hpp>

#include "OpenCV/call.hpp"

namespace cimaging::opencv {

static_assert(sizeof(cv::Point) == 2 * sizeof(int32_t), "a point is two coordinates");

void fill_polygon(View &plane, const int32_t *corners, int count, uint8_t level) {
  call([&] {
    cv::Mat output = matrix(plane);
    cv::fillPoly(output, cv::Mat(count, 1, CV_32SC2, const_cast<int32_t *>(corners)), cv::Scalar(level));
  });
}

void draw_lines(View &plane, const int32_t *ends, size_t count, int thickness, uint8_t level) {
  call([&] {
    cv::Mat output = matrix(plane);
    for (size_t i = 0; i < count; ++i) {
      const cv::Mat line(2, 1, CV_32SC2, const_cast<int32_t *>(ends + 4 * i));
      cv::polylines(output, line, false, cv::Scalar(level), thickness, cv::LINE_4);
    }
  });
}

void draw_line(View &image, const int32_t *ends, int thickness, const uint8_t *color) {
  call([&] {
    cv::Mat output = matrix(image);
    cv::line(output, {ends[0], ends[1]}, {ends[2], ends[3]}, cv::Scalar(color[0], color[1], color[2]), thickness);
  });
}

}  // namespace cimaging::opencv
