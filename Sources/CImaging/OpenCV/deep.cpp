// OpenCV's changes of size and warps of images with 16 bits to a sample.

#include "include/cimaging_deep.h"

#include <opencv2/imgproc.hpp>

#include "OpenCV/call.hpp"
#include "guard.hpp"

namespace cimaging::opencv {

namespace {

/// Places are 16-bit integers in OpenCV.
constexpr int longest_side = 32766;

cv::Mat joined(const cimaging_deep &planes) {
  cv::Mat samples(planes.high.height, planes.high.width, CV_16UC(planes.high.channels));
  const int count = samples.cols * samples.channels();
  for (int y = 0; y < samples.rows; y++) {
    const uint8_t *high = view(&planes.high).row(y), *low = view(&planes.low).row(y);
    uint16_t *row = samples.ptr<uint16_t>(y);
    for (int i = 0; i < count; i++) row[i] = static_cast<uint16_t>(high[i] << 8 | low[i]);
  }
  return samples;
}

void part(const cv::Mat &samples, const cimaging_deep &planes) {
  View high = view(&planes.high), low = view(&planes.low);
  const int count = samples.cols * samples.channels();
  for (int y = 0; y < samples.rows; y++) {
    const uint16_t *row = samples.ptr<uint16_t>(y);
    uint8_t *high_row = high.row(y), *low_row = low.row(y);
    for (int i = 0; i < count; i++) {
      high_row[i] = static_cast<uint8_t>(row[i] >> 8);
      low_row[i] = static_cast<uint8_t>(row[i]);
    }
  }
}

/// Calls OpenCV with the samples of the source, and takes those that it makes into the destination.
template <typename Body>
cimaging_status change(const cimaging_deep *source, const cimaging_deep *destination, cimaging_message *message,
                       Body body) noexcept {
  return guarded(message, [&] {
    require(source->high.channels == destination->high.channels, "the destination has other channels");
    call([&] {
      const cv::Size size(destination->high.width, destination->high.height);
      cv::Mat output;
      body(joined(*source), output, size);
      require(output.size() == size, "the destination has another shape");
      part(output, *destination);
    });
  });
}

void require_short_sides(const cimaging_deep *source, const cimaging_deep *destination) {
  for (const cimaging_deep *image : {source, destination}) {
    require(image->high.width <= longest_side && image->high.height <= longest_side,
            "an image of 16 bits a sample with more than 32766 pixels on a side cannot be warped");
  }
}

cv::Scalar fill(const cimaging_resampling &resampling) {
  return cv::Scalar(resampling.fill[0], resampling.fill[1], resampling.fill[2]) * 257;
}

}  // namespace

}  // namespace cimaging::opencv

cimaging_status cimaging_deep_resize(const cimaging_deep *source, const cimaging_deep *destination,
                                     int32_t interpolation, cimaging_message *message) {
  using namespace cimaging::opencv;
  return change(source, destination, message, [&](const cv::Mat &input, cv::Mat &output, cv::Size size) {
    cv::resize(input, output, size, 0, 0, interpolation);
  });
}

cimaging_status cimaging_deep_warp(const cimaging_deep *source, const cimaging_deep *destination, const double *matrix,
                                   const cimaging_resampling *resampling, cimaging_message *message) {
  using namespace cimaging::opencv;
  return change(source, destination, message, [&](const cv::Mat &input, cv::Mat &output, cv::Size size) {
    require_short_sides(source, destination);
    const cv::Mat whole(3, 3, CV_64F, const_cast<double *>(matrix));
    const int how = resampling->interpolation, border = resampling->border_mode;
    if (matrix[6] == 0 && matrix[7] == 0 && matrix[8] == 1) {
      cv::warpAffine(input, output, whole.rowRange(0, 2), size, how, border, fill(*resampling));
    } else {
      cv::warpPerspective(input, output, whole, size, how, border, fill(*resampling));
    }
  });
}

cimaging_status cimaging_deep_remap(const cimaging_deep *source, const cimaging_deep *destination, const float *map_x,
                                    const float *map_y, const cimaging_resampling *resampling,
                                    cimaging_message *message) {
  using namespace cimaging::opencv;
  return change(source, destination, message, [&](const cv::Mat &input, cv::Mat &output, cv::Size size) {
    require_short_sides(source, destination);
    const cv::Mat x(size, CV_32F, const_cast<float *>(map_x)), y(size, CV_32F, const_cast<float *>(map_y));
    cv::remap(input, output, x, y, resampling->interpolation, resampling->border_mode, fill(*resampling));
  });
}
