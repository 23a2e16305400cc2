#include <cmath>
#include <vector>

#include "Kernels/Color/gains.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"

#pragma clang fp contract(off)

using namespace cimaging;

namespace {

float combined(float column, float row, cimaging_light_form form) {
  switch (form) {
    case CIMAGING_LIGHT_DISTANCE: return std::sqrt(column + row);
    case CIMAGING_LIGHT_PRODUCT: return column * row;
    default: return column + row;
  }
}

/// The gain of each channel in a row.
void fill(std::vector<float> &gains, const View &image, const cimaging_light &light, int y) {
  const float row = light.rows[y];
  float *gain = gains.data();
  for (int x = 0; x < image.width; ++x) {
    float value = combined(light.columns[x], row, light.form);
    if (light.is_inverted) value = 1 - value;
    // OpenCV multiplies by a number in double precision, and adds it in single.
    value = static_cast<float>(value * light.slope) + light.offset;
    for (int channel = 0; channel < image.channels; ++channel) *gain++ = value;
  }
}

}  // namespace

cimaging_status cimaging_illuminate(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const cimaging_light *light, cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    std::vector<float> gains(input.row_length());
    const Cut cut = light->form == CIMAGING_LIGHT_SUM ? Cut::rounded : Cut::truncated;
    for (int y = 0; y < input.height; ++y) {
      fill(gains, input, *light, y);
      multiply(input.row(y), gains.data(), output.row(y), gains.size(), cut);
    }
  });
}
