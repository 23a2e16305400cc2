#include <array>

#include "guard.hpp"
#include "include/cimaging_color.h"

namespace {

/// Sums of three channels and of their products. Whole numbers: no order of summation matters.
struct Moments {
  std::array<uint64_t, 3> sums{};
  std::array<uint64_t, 6> products{};  // RR, RG, RB, GG, GB, BB

  void add(const uint8_t *rgb, int count) {
    for (int i = 0; i < count; ++i) {
      const uint64_t red = rgb[3 * i], green = rgb[3 * i + 1], blue = rgb[3 * i + 2];
      sums = {sums[0] + red, sums[1] + green, sums[2] + blue};
      products = {products[0] + red * red,     products[1] + red * green,  products[2] + red * blue,
                  products[3] + green * green, products[4] + green * blue, products[5] + blue * blue};
    }
  }
};

}  // namespace

cimaging_status cimaging_color_moments(const cimaging_pixels *source, double *means, double *scatter,
                                       cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    const View input = view(source);
    require_color(input);
    Moments moments;
    for (int y = 0; y < input.height; ++y) moments.add(input.row(y), input.width);
    const double count = static_cast<double>(input.width) * input.height;
    for (int i = 0; i < 3; ++i) means[i] = static_cast<double>(moments.sums[i]) / count;
    for (int i = 0, place = 0; i < 3; ++i) {
      for (int j = i; j < 3; ++j, ++place) {
        const double product = static_cast<double>(moments.products[place]);
        scatter[3 * i + j] = scatter[3 * j + i] = product - count * means[i] * means[j];
      }
    }
  });
}
