#include <algorithm>
#include <limits>
#include <vector>

#include "Kernels/Color/gray.hpp"
#include "guard.hpp"

namespace {

/// The place of a color along an axis.
class Axis {
 public:
  explicit Axis(const double *weights) : weights(weights) {}

  double operator()(const uint8_t *rgb) const {
    return weights[0] * rgb[0] + weights[1] * rgb[1] + weights[2] * rgb[2];
  }

 private:
  const double *weights;
};

struct Extent {
  double least = std::numeric_limits<double>::infinity(), most = -least;

  Extent(const cimaging::View &image, const Axis &axis) {
    for (int y = 0; y < image.height; ++y) {
      const uint8_t *row = image.row(y);
      for (size_t x = 0; x < image.row_length(); x += 3) {
        const double place = axis(row + x);
        least = std::min(least, place);
        most = std::max(most, place);
      }
    }
  }

  uint8_t level(double place) const {
    return most > least ? cimaging::nearest_byte((place - least) / (most - least) * 255) : 0;
  }
};

}  // namespace

cimaging_status cimaging_project(const cimaging_pixels *source, const cimaging_pixels *destination, const double *axis,
                                 cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    const View input = view(source);
    View output = view(destination);
    require_color(input);
    require(input.width == output.width && input.height == output.height, "the destination has another size");
    const Axis place(axis);
    const Extent extent(input, place);
    std::vector<uint8_t> levels(input.width);
    for (int y = 0; y < input.height; ++y) {
      for (int x = 0; x < input.width; ++x) levels[x] = extent.level(place(input.row(y) + 3 * x));
      if (output.channels == 3) {
        rgb_from_gray(levels.data(), output.row(y), input.width);
      } else {
        std::copy(levels.begin(), levels.end(), output.row(y));
      }
    }
  });
}
