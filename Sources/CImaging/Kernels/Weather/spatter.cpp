#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "Kernels/Noise/hls_scalar.hpp"
#include "Kernels/Warp/Elastic/noise_row.hpp"
#include "OpenCV/planes.hpp"
#include "guard.hpp"
#include "include/cimaging_weather.h"
#include "simd.hpp"

namespace cimaging {

namespace {

using Floats = std::vector<float>;
using opencv::PlaneShape;

size_t count(PlaneShape shape) { return static_cast<size_t>(shape.width) * static_cast<size_t>(shape.height); }

/// Softens the noise and leaves what exceeds the cutout: the liquid.
void soften(std::vector<double> &noise, PlaneShape shape, const cimaging_spatter &spatter) {
  const int size = 2 * static_cast<int>(std::nearbyint(3 * spatter.sigma)) + 1;
  if (size > 1) opencv::blur(noise.data(), shape, {size, spatter.sigma, true});
  for (double &value : noise) value = value < spatter.cutout ? 0 : value;
}

/// Divides by the largest value and multiplies by `factor`; leaves a plane without positive values.
void normalize(Floats &plane, float factor, bool by_inverse) {
  const float largest = *std::max_element(plane.begin(), plane.end());
  if (largest <= 0) return;
  const float inverse = 1 / largest;
  for (float &value : plane) value = (by_inverse ? value * inverse : value / largest) * factor;
}

/// Edges of the liquid, softened: about 1 inside a drop and on its lit side.
Floats relief(const std::vector<uint8_t> &liquid, PlaneShape shape) {
  std::vector<uint8_t> edges(liquid.size());
  opencv::find_edges(liquid.data(), shape, 50, 150, edges.data());
  for (uint8_t &edge : edges) edge = 255 - edge;
  Floats plane(liquid.size());
  opencv::find_distances(edges.data(), shape, plane.data());
  for (float &distance : plane) distance = std::min(distance, 20.0f);
  opencv::blur(plane.data(), shape, {3, 1, true});
  // Taken for levels in 0 ... 1, distances beyond 1 are white.
  std::vector<uint8_t> &levels = edges;
  for (size_t i = 0; i < plane.size(); ++i) levels[i] = nearest_byte(static_cast<double>(plane[i] * 255));
  opencv::equalize(levels.data(), shape);
  for (size_t i = 0; i < plane.size(); ++i) plane[i] = unit_levels[levels[i]];
  constexpr std::array<float, 9> light = {-2, -1, 0, -1, 1, 1, 0, 1, 2};
  opencv::correlate(plane.data(), shape, light.data());
  for (float &value : plane) value = std::clamp(value, 0.0f, 1.0f);
  opencv::blur(plane.data(), shape, {5, 1.5, true});
  return plane;
}

Floats rain(const std::vector<double> &liquid, PlaneShape shape) {
  std::vector<uint8_t> levels(liquid.size());
  for (size_t i = 0; i < levels.size(); ++i) levels[i] = static_cast<uint8_t>(std::clamp(liquid[i] * 255, 0.0, 255.0));
  Floats plane = relief(levels, shape);
  for (size_t i = 0; i < plane.size(); ++i) plane[i] *= static_cast<float>(levels[i]);
  normalize(plane, 1, true);
  return plane;
}

/// Chooses a tenth of the pixels, each as likely as the others.
void choose(Floats &mask, uint64_t seed, size_t width) {
  Floats numbers(WhiteNoise::room_for(width));
  const WhiteNoise noise{seed ^ 0xC2B2AE3D27D4EB4F, WhiteNoise::Distribution::uniform};
  size_t needed = std::max<size_t>(1, mask.size() / 10);
  for (size_t i = 0; i < mask.size(); ++i) {
    if (i % width == 0) noise.draw(static_cast<uint32_t>(i / width), numbers.data(), width);
    const auto left = static_cast<float>(mask.size() - i);
    if ((numbers[i % width] + 1) / 2 * left >= static_cast<float>(needed)) continue;
    mask[i] = 1;
    if (--needed == 0) return;
  }
}

Floats mud(const std::vector<double> &liquid, PlaneShape shape, const cimaging_spatter &spatter, uint64_t seed) {
  Floats mask(liquid.size());
  bool is_dry = true;
  for (size_t i = 0; i < mask.size(); ++i) {
    mask[i] = liquid[i] > spatter.cutout ? 1 : 0;
    is_dry = is_dry && mask[i] == 0;
  }
  if (is_dry) choose(mask, seed, static_cast<size_t>(shape.width));
  if (spatter.sigma > 0) opencv::blur(mask.data(), shape, {0, spatter.sigma, true});
  normalize(mask, static_cast<float>(spatter.intensity), false);
  return mask;
}

uint8_t level(float value) { return nearest_byte(static_cast<double>(std::clamp(value, 0.0f, 1.0f) * 255)); }

/// Adds light of a colour, or covers with mud of a colour, where the plane is not 0.
class Paint {
 public:
  explicit Paint(const cimaging_spatter &spatter) : is_mud(spatter.is_mud != 0), factor(spatter.intensity * 0.9) {
    for (size_t channel = 0; channel < 3; ++channel) color[channel] = spatter.color[channel] / 255.0;
  }

  void row(const uint8_t *from, uint8_t *to, const float *plane, size_t width) const {
    std::memcpy(to, from, 3 * width);
    for (size_t x = 0; x < width; ++x) {
      if (plane[x] == 0) continue;
      for (size_t channel = 0; channel < 3; ++channel) {
        const float below = unit_levels[from[3 * x + channel]];
        to[3 * x + channel] = is_mud ? covered(below, plane[x], color[channel]) : lit(below, plane[x], color[channel]);
      }
    }
  }

 private:
  uint8_t lit(float below, float amount, double shade) const {
    return level(below + static_cast<float>(static_cast<double>(amount) * shade * factor));
  }

  static uint8_t covered(float below, float amount, double shade) {
    const auto mud = static_cast<float>(static_cast<double>(amount) * shade);
    const float seen =
        shade > 0 ? static_cast<float>(std::clamp((shade - static_cast<double>(mud)) / shade, 0.0, 1.0)) : 1 - amount;
    const float shown = below * seen;
    return level(shown + mud);
  }

  bool is_mud;
  double factor;
  double color[3];
};

void spatter_image(const View &input, View &output, const cimaging_spatter &spatter, std::vector<double> &noise,
                   uint64_t seed) {
  const PlaneShape shape{input.width, input.height};
  soften(noise, shape, spatter);
  const Floats plane = spatter.is_mud != 0 ? mud(noise, shape, spatter, seed) : rain(noise, shape);
  const Paint paint(spatter);
  const auto width = static_cast<size_t>(input.width);
  for (int y = 0; y < input.height; ++y) {
    paint.row(input.row(y), output.row(y), plane.data() + static_cast<size_t>(y) * width, width);
  }
}

void draw(std::vector<double> &noise, PlaneShape shape, const cimaging_spatter_noise &normal) {
  const auto width = static_cast<size_t>(shape.width);
  Floats numbers(WhiteNoise::room_for(width));
  const WhiteNoise source{normal.seed, WhiteNoise::Distribution::normal};
  for (int y = 0; y < shape.height; ++y) {
    source.draw(static_cast<uint32_t>(y), numbers.data(), width);
    double *row = noise.data() + static_cast<size_t>(y) * width;
    for (size_t x = 0; x < width; ++x) row[x] = normal.mean + normal.deviation * static_cast<double>(numbers[x]);
  }
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_apply_spatter(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const cimaging_spatter *spatter, const double *noise,
                                       cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    std::vector<double> copy(noise, noise + count({input.width, input.height}));
    spatter_image(input, output, *spatter, copy, 0);
  });
}

cimaging_status cimaging_draw_spatter(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const cimaging_spatter *spatter, const cimaging_spatter_noise *noise,
                                      cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    const PlaneShape shape{input.width, input.height};
    std::vector<double> drawn(count(shape));
    draw(drawn, shape, *noise);
    spatter_image(input, output, *spatter, drawn, noise->seed);
  });
}
