#include "Kernels/Geometry/area.hpp"
#include "Kernels/Geometry/cubic.hpp"
#include "Kernels/Geometry/halve.hpp"
#include "Kernels/Geometry/interpolation.hpp"
#include "Kernels/Geometry/lanczos.hpp"
#include "Kernels/Geometry/linear.hpp"
#include "Kernels/Geometry/pick.hpp"
#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_geometry.h"

cimaging_status cimaging_resize(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t kind,
                                cimaging_message *message) {
  using namespace cimaging;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    if (is_half(output, input) && (kind == interpolation::linear || kind == interpolation::area)) {
      halve(input, output);
    } else if (kind == interpolation::area && shrinks_by_fractions(input, output)) {
      shrink_by_area(input, output);
    } else if (kind == interpolation::area && (output.width > input.width || output.height > input.height)) {
      resize_linear(input, output, Weighting::areas);
    } else if (kind == interpolation::nearest) {
      pick(input, output, nearest_places(input.width, output.width), nearest_places(input.height, output.height));
    } else if (kind == interpolation::linear) {
      resize_linear(input, output, Weighting::distances);
    } else if (kind == interpolation::cubic) {
      resize_cubic(input, output);
    } else if (kind == interpolation::lanczos) {
      resize_lanczos(input, output);
    } else {
      opencv::resize(input, output, kind);
    }
  });
}
