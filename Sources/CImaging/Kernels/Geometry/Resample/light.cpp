#include "Kernels/Geometry/Resample/light.hpp"

#include <algorithm>
#include <cmath>

namespace cimaging {
namespace {

double proportion(double level) { return level; }

/// IEC 61966-2-1. No number below lies closer than 10⁻⁴ to where it would be rounded otherwise, so that the last bit of
/// `pow`, which differs from processor to processor, does not matter.
double srgb_light(double level) { return level <= 0.04045 ? level / 12.92 : std::pow((level + 0.055) / 1.055, 2.4); }

Light make_light(double (*light)(double)) {
  Light made;
  int next = 0;
  for (int byte = 0; byte < 256; ++byte) {
    made.number[static_cast<size_t>(byte)] = static_cast<uint16_t>(std::lrint(light(byte / 255.0) * Light::full));
    const double limit = light((byte + 0.5) / 255) * Light::full;
    const int end = byte == 255 ? Light::full + 1 : static_cast<int>(std::ceil(limit));
    while (next < end) made.byte[static_cast<size_t>(next++)] = static_cast<uint8_t>(byte);
  }
  return made;
}

/// Calls `body(x, pairs of the pixel, offset of its values)` for every pixel of pairs `begin` ..< `end`; those beyond
/// the right edge get zeros.
template <size_t spread, class Body>
void each_pixel(int width, int begin, int end, int16_t *pairs, Body body) {
  std::fill(pairs, pairs + static_cast<size_t>(end - begin) * 2 * spread, 0);
  for (int x = 2 * begin; x < std::min(2 * end, width); ++x) {
    body(static_cast<size_t>(x), pairs + static_cast<size_t>(x / 2 - begin) * 2 * spread + x % 2);
  }
}

}  // namespace

const Light &Light::of_bytes() {
  static const Light light = make_light(proportion);
  return light;
}

const Light &Light::of_srgb() {
  static const Light light = make_light(srgb_light);
  return light;
}

void ColorRows::load(int y, int begin, int end, int16_t *pairs) const {
  const uint8_t *row = input.row(y);
  if (input.channels == 1) {
    return each_pixel<1>(input.width, begin, end, pairs,
                         [&](size_t x, int16_t *pixel) { pixel[0] = static_cast<int16_t>(light.number[row[x]]); });
  }
  each_pixel<4>(input.width, begin, end, pairs, [&](size_t x, int16_t *pixel) {
    for (size_t c = 0; c < 3; ++c) pixel[2 * c] = static_cast<int16_t>(light.number[row[3 * x + c]]);
  });
}

void ColorRows::store(int y, const int32_t *numbers) {
  uint8_t *row = output.row(y);
  for (size_t i = 0; i < output.row_length(); ++i) row[i] = light.byte[static_cast<size_t>(numbers[i])];
}

void WeightedRows::load(int y, int begin, int end, int16_t *pairs) const {
  const uint8_t *row = input.color.row(y), *alphas = input.alpha.row(y);
  const Light &plain = Light::of_bytes();
  const auto channels = static_cast<size_t>(input.color.channels);
  each_pixel<4>(input.color.width, begin, end, pairs, [&](size_t x, int16_t *pixel) {
    for (size_t c = 0; c < channels; ++c) {
      pixel[2 * c] = static_cast<int16_t>((light.number[row[channels * x + c]] * alphas[x] + 127) / 255);
    }
    pixel[6] = static_cast<int16_t>(plain.number[alphas[x]]);
  });
}

void WeightedRows::store(int y, const int32_t *numbers) {
  uint8_t *row = output.color.row(y), *alphas = output.alpha.row(y);
  const Light &plain = Light::of_bytes();
  for (int x = 0; x < output.color.width; ++x, numbers += 4) {
    const int alpha = numbers[3];
    for (int c = 0; c < output.color.channels; ++c) {
      const int level = alpha == 0 ? 0 : (numbers[c] * Light::full + alpha / 2) / alpha;
      *row++ = light.byte[static_cast<size_t>(std::min(level, Light::full))];
    }
    *alphas++ = plain.byte[static_cast<size_t>(alpha)];
  }
}

}  // namespace cimaging
