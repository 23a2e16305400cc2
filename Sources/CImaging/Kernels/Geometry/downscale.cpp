#include <algorithm>
#include <cmath>
#include <vector>

#include "Kernels/Geometry/interpolation.hpp"
#include "Kernels/Geometry/linear.hpp"
#include "Kernels/Geometry/pick.hpp"
#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_geometry.h"

namespace cimaging {
namespace {

/// Number of pixels left of `length`, rounded half to even.
int scaled(int length, double scale) { return static_cast<int>(std::lrint(length * scale)); }

/// For each place along one side, the nearest place of the source after shrinking and enlarging.
std::vector<int> places(int length, double scale) {
  const int small = scaled(length, scale);
  const double shrunk = 1 / scale;
  std::vector<int> places = nearest_places(small, length);
  for (int &place : places) place = std::min(static_cast<int>(place * shrunk), length - 1);
  return places;
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_downscale(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_downscaling *downscaling, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const double scale = downscaling->scale;
    const int width = scaled(input.width, scale), height = scaled(input.height, scale);
    require(width > 0 && height > 0 && scale <= 1, "nothing is left at this scale");
    if (downscaling->shrinking == interpolation::nearest && downscaling->enlarging == interpolation::nearest) {
      return pick(input, output, places(input.width, scale), places(input.height, scale));
    }
    const size_t stride = static_cast<size_t>(width) * static_cast<size_t>(input.channels);
    std::vector<uint8_t> pixels(stride * static_cast<size_t>(height));
    View small{pixels.data(), width, height, input.channels, stride};
    opencv::rescale(input, small, scale, downscaling->shrinking);
    if (downscaling->enlarging == interpolation::linear) return resize_linear(small, output, Weighting::distances);
    opencv::resize(small, output, downscaling->enlarging);
  });
}
