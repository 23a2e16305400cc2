#include <algorithm>
#include <numeric>
#include <vector>

#include "Kernels/Color/gains.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/plasma_light.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

#ifndef CIMAGING_PLASMA_LIGHT_ONCE
#define CIMAGING_PLASMA_LIGHT_ONCE

namespace cimaging {

/// Changes values 0 ... 1. Albumentations clamps after each step, also what a negative factor would darken: it has no
/// effect.
struct PlasmaContrast {
  float brightness, contrast;
  float mean = 0;  // of the brightened values
};

/// Values of a row, padded to whole vectors, and the plasma at each.
struct PlasmaRow {
  static constexpr size_t padding = 64;

  explicit PlasmaRow(const View &image) : count(image.row_length()), bytes(count + padding), plasma(count + padding) {}

  /// Loads a row; each pixel's plasma is repeated for its channels.
  void load(const View &image, const float *pattern, int y) {
    std::copy_n(image.row(y), count, bytes.data());
    const float *light = pattern + static_cast<size_t>(y) * image.width;
    float *place = plasma.data();
    for (int x = 0; x < image.width; ++x) place = std::fill_n(place, image.channels, light[x]);
  }

  size_t count;
  std::vector<uint8_t> bytes;
  std::vector<float> plasma;
};

}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE FloatVector clamped(FloatVector values) {
  return hn::Min(hn::Max(values, hn::Zero(Floats())), hn::Set(Floats(), 1.0f));
}

/// The brightened values from place `i` on.
HWY_INLINE FloatVector brightened(const PlasmaRow &row, size_t i, float brightness) {
  const Floats tag;
  const auto bytes = hn::LoadU(hn::Rebind<uint8_t, Floats>(), row.bytes.data() + i);
  const auto values = hn::ConvertTo(tag, hn::PromoteTo(Integers(), bytes)) / hn::Set(tag, 255.0f);
  if (brightness == 0) return values;
  return clamped(values + clamped(hn::LoadU(tag, row.plasma.data() + i) * hn::Set(tag, brightness)));
}

void brighten(const PlasmaRow &row, float brightness, float *values) {
  for (size_t i = 0; i < row.count; i += quarter) hn::StoreU(brightened(row, i, brightness), Floats(), values + i);
}

HWY_INLINE IntegerVector contrasted(const PlasmaRow &row, size_t i, const PlasmaContrast &change) {
  const Floats tag;
  auto values = brightened(row, i, change.brightness);
  if (change.contrast != 0) {
    const auto one = hn::Set(tag, 1.0f);
    const auto weight = clamped(hn::LoadU(tag, row.plasma.data() + i) * hn::Set(tag, change.contrast)) + one;
    values = clamped(clamped(values * weight) + hn::Set(tag, change.mean) * (one - weight));
  }
  return hn::NearestInt(values * hn::Set(tag, 255.0f));
}

/// Changes a row; the output is padded like the row.
void change_row(const PlasmaRow &row, const PlasmaContrast &change, uint8_t *output) {
  IntegerVector results[4];
  for (size_t i = 0; i < row.count; i += lanes) {
    for (size_t k = 0; k < 4; ++k) results[k] = contrasted(row, i + k * quarter, change);
    hn::StoreU(join(results), Bytes(), output + i);
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(brighten);
HWY_EXPORT(change_row);

namespace {

float mean(const View &image, const float *pattern, float brightness) {
  PlasmaRow row(image);
  std::vector<float> values(row.count + PlasmaRow::padding);
  double sum = 0;
  for (int y = 0; y < image.height; ++y) {
    row.load(image, pattern, y);
    HWY_DYNAMIC_DISPATCH(brighten)(row, brightness, values.data());
    sum = std::accumulate(values.begin(), values.begin() + row.count, sum);
  }
  return static_cast<float>(sum / (static_cast<double>(row.count) * image.height));
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_plasma_shadow(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const float *pattern, float intensity, cimaging_message *message) {
  using namespace cimaging;
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
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    PlasmaContrast change{brightness, contrast};
    if (contrast != 0) change.mean = mean(input, pattern, brightness);
    PlasmaRow row(input);
    std::vector<uint8_t> changed(row.bytes.size());
    for (int y = 0; y < input.height; ++y) {
      row.load(input, pattern, y);
      HWY_DYNAMIC_DISPATCH(change_row)(row, change, changed.data());
      std::copy_n(changed.data(), row.count, output.row(y));
    }
  });
}

#endif
