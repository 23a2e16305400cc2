#include <algorithm>
#include <vector>

#include "Kernels/Color/gains.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"

#pragma clang fp contract(off)

using namespace cimaging;

namespace {

float clamped(float value) { return std::min(std::max(value, 0.0f), 1.0f); }

/// Changes values 0 ... 1. Albumentations clamps after each step, also what a negative factor would darken: it has no
/// effect.
struct Contrast {
  float brightness, contrast;
  float mean = 0;

  float brightened(float value, float plasma) const { return clamped(value + clamped(plasma * brightness)); }

  float operator()(float value, float plasma) const {
    if (brightness != 0) value = brightened(value, plasma);
    if (contrast == 0) return value;
    const float weight = clamped(plasma * contrast) + 1;
    return clamped(clamped(value * weight) + mean * (1 - weight));
  }
};

/// Calls `body(value, plasma)` for the values of a row.
template <typename Body>
void each(const View &image, const float *pattern, int y, Body body) {
  const uint8_t *row = image.row(y);
  const float *plasma = pattern + static_cast<size_t>(y) * image.width;
  for (int x = 0, i = 0; x < image.width; ++x) {
    for (int channel = 0; channel < image.channels; ++channel, ++i) body(row[i] / 255.0f, plasma[x]);
  }
}

float mean(const View &image, const float *pattern, const Contrast &contrast) {
  double sum = 0;
  for (int y = 0; y < image.height; ++y) {
    each(image, pattern, y, [&](float value, float plasma) { sum += contrast.brightened(value, plasma); });
  }
  return static_cast<float>(sum / (static_cast<double>(image.row_length()) * image.height));
}

}  // namespace

cimaging_status cimaging_plasma_shadow(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const float *pattern, float intensity, cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    std::vector<float> gains(input.row_length());
    for (int y = 0; y < input.height; ++y) {
      const float *plasma = pattern + static_cast<size_t>(y) * input.width;
      float *gain = gains.data();
      for (int x = 0; x < input.width; ++x) gain = std::fill_n(gain, input.channels, 1 - plasma[x] * intensity);
      multiply(input.row(y), gains.data(), output.row(y), gains.size(), Cut::truncated);
    }
  });
}

cimaging_status cimaging_plasma_contrast(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         const float *pattern, float brightness, float contrast,
                                         cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    Contrast change{brightness, contrast};
    if (contrast != 0) change.mean = mean(input, pattern, change);
    for (int y = 0; y < input.height; ++y) {
      uint8_t *result = output.row(y);
      each(input, pattern, y,
           [&](float value, float plasma) { *result++ = nearest_byte(change(value, plasma) * 255); });
    }
  });
}
