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
    const bool enlarges = output.width > input.width || output.height > input.height;
    if (is_half(output, input) && (kind == interpolation::linear || kind == interpolation::area)) {
      return halve(input, output);
    }
    switch (kind) {
      case interpolation::nearest:
        return pick(input, output, nearest_places(input.width, output.width),
                    nearest_places(input.height, output.height));
      case interpolation::linear: return resize_linear(input, output, Weighting::distances);
      case interpolation::cubic: return resize_cubic(input, output);
      case interpolation::area:
        return enlarges ? resize_linear(input, output, Weighting::areas) : shrink_by_area(input, output);
      case interpolation::lanczos: return resize_lanczos(input, output);
      default: opencv::resize(input, output, kind);
    }
  });
}
