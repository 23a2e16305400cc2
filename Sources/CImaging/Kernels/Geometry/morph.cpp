#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_geometry.h"

cimaging_status cimaging_morph(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t width,
                               int32_t height, int32_t is_dilation, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(width > 0 && height > 0, "an ellipse has pixels");
    opencv::morph(input, output, width, height, is_dilation != 0);
  });
}
