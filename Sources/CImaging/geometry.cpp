#include "guard.hpp"
#include "include/cimaging_transforms.h"

cimaging_status cimaging_flip(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t code,
                              cimaging_message *message) {
  return cimaging::transformed(source, destination, message,
                               [&](const cv::Mat &input, cv::Mat &output) { cv::flip(input, output, code); });
}
