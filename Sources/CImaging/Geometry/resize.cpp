#include <opencv2/imgproc.hpp>

#include "guard.hpp"
#include "include/cimaging_resize.h"

cimaging_status cimaging_resize(const cimaging_pixels *source, const cimaging_pixels *destination,
                                int32_t interpolation, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    cv::resize(input, output, output.size(), 0, 0, interpolation);
  });
}
