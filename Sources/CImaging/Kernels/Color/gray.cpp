#include "Kernels/Color/gray.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "Kernels/Color/lab.hpp"
#include "guard.hpp"

namespace {

using cimaging::View;

/// Converts rows of an image to grey levels; rows of grey images stay where they are.
class GrayRows {
 public:
  GrayRows(const View &image, cimaging_gray_method method) : image(image), method(method), width(image.width) {
    const size_t planes = method == CIMAGING_GRAY_LIGHTNESS ? 3 : 1;
    levels.resize(image.channels == 1 ? 0 : planes * width);
  }

  const uint8_t *operator[](int y) {
    if (image.channels == 1) return image.row(y);
    if (method == CIMAGING_GRAY_LIGHTNESS) {
      cimaging::lab_from_rgb(image.row(y), {&levels[0], &levels[width], &levels[2 * width]}, width);
    } else {
      cimaging::gray_from_rgb(image.row(y), levels.data(), width, method);
    }
    return levels.data();
  }

 private:
  const View &image;
  cimaging_gray_method method;
  size_t width;
  std::vector<uint8_t> levels;
};

}  // namespace

cimaging_status cimaging_gray(const cimaging_pixels *source, const cimaging_pixels *destination,
                              cimaging_gray_method method, cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    const View input = view(source);
    View output = view(destination);
    require(input.width == output.width && input.height == output.height, "the destination has another size");
    GrayRows rows(input, method);
    for (int y = 0; y < input.height; ++y) {
      const uint8_t *levels = rows[y];
      if (output.channels == 3) {
        rgb_from_gray(levels, output.row(y), input.width);
      } else {
        std::copy_n(levels, input.width, output.row(y));
      }
    }
  });
}

cimaging_status cimaging_gray_mean(const cimaging_pixels *source, double *mean, cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    const View input = view(source);
    GrayRows rows(input, CIMAGING_GRAY_WEIGHTED);
    uint64_t sum = 0;
    for (int y = 0; y < input.height; ++y) {
      const uint8_t *levels = rows[y];
      sum = std::accumulate(levels, levels + input.width, sum);
    }
    *mean = static_cast<double>(sum) / (static_cast<double>(input.width) * input.height);
  });
}
