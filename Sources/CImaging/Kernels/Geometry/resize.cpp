#include "Kernels/Geometry/area.hpp"
#include "Kernels/Geometry/cubic.hpp"
#include "Kernels/Geometry/halve.hpp"
#include "Kernels/Geometry/linear.hpp"
#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_geometry.h"

cimaging_status cimaging_resize(const cimaging_pixels *source, const cimaging_pixels *destination,
                                int32_t interpolation, cimaging_message *message) {
  using namespace cimaging;
  constexpr int32_t linear = 1, cubic = 2, area = 3;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    if (is_half(output, input) && (interpolation == linear || interpolation == area)) {
      halve(input, output);
    } else if (interpolation == area && shrinks_by_fractions(input, output)) {
      shrink_by_area(input, output);
    } else if (interpolation == linear) {
      resize_linear(input, output);
    } else if (interpolation == cubic) {
      resize_cubic(input, output);
    } else {
      opencv::resize(input, output, interpolation);
    }
  });
}
