#include "guard.hpp"
#include "Colors/hsv.hpp"
#include "include/cimaging_transforms.h"
#include "Colors/lookup.hpp"
#include "Colors/shuffle.hpp"
#include "Colors/sum.hpp"

namespace {

/// A whole matrix through one table, in one call where the rows follow each other without a gap.
void lookup(const cv::Mat &input, cv::Mat &output, const uint8_t *table) {
  const size_t row = static_cast<size_t>(input.cols) * input.elemSize();
  if (input.isContinuous() && output.isContinuous()) {
    cimaging::lookup(input.data, output.data, row * input.rows, table);
    return;
  }
  for (int y = 0; y < input.rows; ++y) cimaging::lookup(input.ptr(y), output.ptr(y), row, table);
}

void require_color(const cv::Mat &image) {
  if (image.channels() != 3) CV_Error(cv::Error::StsBadArg, "the image has no three channels");
}

}  // namespace

cimaging_status cimaging_lookup(const cimaging_pixels *source, const cimaging_pixels *destination,
                                const uint8_t *table, cimaging_message *message) {
  return cimaging::transformed(source, destination, message,
                               [&](const cv::Mat &input, cv::Mat &output) { lookup(input, output, table); });
}

cimaging_status cimaging_mean(const cimaging_pixels *source, double *mean, cimaging_message *message) {
  return cimaging::guarded(message, [&] {
    const cv::Mat input = cimaging::matrix(source);
    const size_t row = static_cast<size_t>(input.cols) * input.elemSize();
    uint64_t sum = 0;
    for (int y = 0; y < input.rows; ++y) sum += cimaging::sum(input.ptr(y), row);
    *mean = static_cast<double>(sum) / (static_cast<double>(row) * input.rows);
  });
}

cimaging_status cimaging_lookup_hsv(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const uint8_t *hue, const uint8_t *saturation, const uint8_t *value,
                                    cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    require_color(input);
    const cimaging::HsvTables tables(hue, saturation, value);
    for (int y = 0; y < input.rows; ++y) cimaging::look_up_hsv(input.ptr(y), output.ptr(y), input.cols, tables);
  });
}

cimaging_status cimaging_shuffle(const cimaging_pixels *source, const cimaging_pixels *destination,
                                 const int32_t *order, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    require_color(input);
    for (int y = 0; y < input.rows; ++y) cimaging::shuffle(input.ptr(y), output.ptr(y), input.cols, order);
  });
}
