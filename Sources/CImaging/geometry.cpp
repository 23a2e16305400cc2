#include "guard.hpp"
#include "include/cimaging_transforms.h"

cimaging_status cimaging_flip(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t code,
                              cimaging_message *message) {
  return cimaging::transformed(source, destination, message,
                               [&](const cv::Mat &input, cv::Mat &output) { cv::flip(input, output, code); });
}

cimaging_status cimaging_rotate90(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t quarters,
                                  cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    switch (quarters & 3) {
      case 0: input.copyTo(output); break;
      case 1: cv::rotate(input, output, cv::ROTATE_90_COUNTERCLOCKWISE); break;
      case 2: cv::rotate(input, output, cv::ROTATE_180); break;
      default: cv::rotate(input, output, cv::ROTATE_90_CLOCKWISE); break;
    }
  });
}
