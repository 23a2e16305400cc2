#include "Kernels/Blur/filter_separable.hpp"
#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_blur.h"

cimaging_status cimaging_unsharp(const cimaging_pixels *source, const cimaging_pixels *destination, double amount,
                                 int32_t size, double sigma, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(size > 0 && size % 2 == 1, "the number of taps is not odd");
    filter_mixed(input, output, opencv::float_gaussian_taps(size, sigma), {1 + amount, -amount});
  });
}
