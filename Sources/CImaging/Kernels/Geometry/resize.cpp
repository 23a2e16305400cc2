#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_geometry.h"

cimaging_status cimaging_resize(const cimaging_pixels *source, const cimaging_pixels *destination,
                                cimaging_message *message) {
  return cimaging::reshaped(source, destination, message, cimaging::opencv::resize);
}
