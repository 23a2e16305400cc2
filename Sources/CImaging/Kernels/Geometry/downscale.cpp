#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "Kernels/Geometry/linear.hpp"
#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_geometry.h"

namespace cimaging {
namespace {

/// Number of pixels left of `length`, rounded half to even.
int scaled(int length, double scale) { return static_cast<int>(std::lrint(length * scale)); }

/// For each place along one side, the nearest place of the source after shrinking and enlarging.
std::vector<size_t> places(int length, double scale) {
  const int small = scaled(length, scale);
  const double shrunk = 1 / scale, enlarged = 1 / (static_cast<double>(length) / small);
  std::vector<size_t> places;
  for (int i = 0; i < length; ++i) {
    const int between = std::min(static_cast<int>(i * enlarged), small - 1);
    places.push_back(static_cast<size_t>(std::min(static_cast<int>(between * shrunk), length - 1)));
  }
  return places;
}

template <size_t channels>
void pick_row(const uint8_t *input, uint8_t *output, const std::vector<size_t> &columns) {
  for (const size_t column : columns) {
    std::memcpy(output, input + channels * column, channels);
    output += channels;
  }
}

/// Both steps at once. Equal rows are copied.
void pick(const View &input, View &output, double scale) {
  const std::vector<size_t> columns = places(input.width, scale), rows = places(input.height, scale);
  for (int y = 0; y < input.height; ++y) {
    const size_t row = rows[static_cast<size_t>(y)];
    if (y > 0 && rows[static_cast<size_t>(y) - 1] == row) {
      std::copy_n(output.row(y - 1), output.row_length(), output.row(y));
    } else if (input.channels == 1) {
      pick_row<1>(input.row(static_cast<int>(row)), output.row(y), columns);
    } else {
      pick_row<3>(input.row(static_cast<int>(row)), output.row(y), columns);
    }
  }
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
    if (downscaling->shrinking == 0 && downscaling->enlarging == 0) return pick(input, output, scale);
    const size_t stride = static_cast<size_t>(width) * static_cast<size_t>(input.channels);
    std::vector<uint8_t> pixels(stride * static_cast<size_t>(height));
    View small{pixels.data(), width, height, input.channels, stride};
    opencv::rescale(input, small, scale, downscaling->shrinking);
    constexpr int32_t linear = 1;
    if (downscaling->enlarging == linear) return resize_linear(small, output);
    opencv::resize(small, output, downscaling->enlarging);
  });
}
