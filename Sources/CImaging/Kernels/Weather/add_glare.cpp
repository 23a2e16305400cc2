#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "Kernels/Weather/disc.hpp"
#include "OpenCV/drawing.hpp"
#include "OpenCV/opencv.hpp"
#include "OpenCV/planes.hpp"
#include "guard.hpp"
#include "include/cimaging_blur.h"
#include "include/cimaging_weather.h"

namespace cimaging {

namespace {

void fill(View &image, const Disc &disc, const uint8_t *color) {
  const Disc::Run rows = disc.rows(image.height);
  for (int y = rows.first; y < rows.end; ++y) {
    const Disc::Run columns = disc.columns(y, image.width);
    for (int x = columns.first; x < columns.end; ++x) std::memcpy(image.row(y) + 3 * static_cast<size_t>(x), color, 3);
  }
}

/// The light, its spikes to the right, lower right, bottom and lower left, and the circles.
void draw(View &layer, const cimaging_glare &glare) {
  fill(layer, {glare.x, glare.y, glare.radius}, glare.color);
  for (int eighth = 0; eighth < 4; ++eighth) {
    const double angle = eighth * 45 * (M_PI / 180), length = std::max(layer.width, layer.height);
    const auto end = [&](int32_t start, double slope) { return static_cast<int32_t>(start + slope * length); };
    const int32_t ends[4] = {glare.x, glare.y, end(glare.x, std::cos(angle)), end(glare.y, std::sin(angle))};
    opencv::draw_line(layer, ends, 2, glare.color);
  }
  for (size_t i = 0; i < glare.count; ++i) {
    const cimaging_flare_circle &circle = glare.circles[i];
    fill(layer, {circle.x, circle.y, circle.radius}, circle.color);
  }
}

/// The channels of a layer as planes, fading with the distance from the light.
class Planes {
 public:
  Planes(const View &layer, const cimaging_glare &glare)
      : width(static_cast<size_t>(layer.width)), count(width * static_cast<size_t>(layer.height)), values(3 * count) {
    const auto reach = static_cast<float>(std::max(layer.width, layer.height) * 0.7);
    for (int y = 0; y < layer.height; ++y) {
      const auto down = static_cast<float>(y - glare.y);
      for (int x = 0; x < layer.width; ++x) {
        const auto right = static_cast<float>(x - glare.x);
        const float share = 1 - std::min(std::sqrt(right * right + down * down) / reach, 1.0f);
        const uint8_t *pixel = layer.row(y) + 3 * static_cast<size_t>(x);
        float *place = row(0, y) + x;
        for (size_t channel = 0; channel < 3; ++channel) place[channel * count] = share * pixel[channel];
      }
    }
    const opencv::PlaneShape shape{layer.width, layer.height};
    opencv::blur(row(0, 0), shape, {0, 3, false});
    opencv::blur(row(2, 0), shape, {0, 5, false});
  }

  float *row(size_t channel, int y) { return values.data() + channel * count + width * static_cast<size_t>(y); }

 private:
  size_t width, count;
  std::vector<float> values;
};

/// Screen blending: what is dark in both stays dark. Levels are cut, not rounded.
void blend(const uint8_t *from, uint8_t *to, const float *light, size_t width) {
  for (size_t x = 0; x < width; ++x) {
    const float dark = static_cast<float>(255 - from[3 * x]) * (255 - light[x]) / 255;
    to[3 * x] = static_cast<uint8_t>(std::clamp(255 - dark, 0.0f, 255.0f));
  }
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_add_glare(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_glare *glare, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    std::vector<uint8_t> bytes(input.row_length() * static_cast<size_t>(input.height));
    View layer{bytes.data(), input.width, input.height, 3, input.row_length()};
    draw(layer, *glare);
    // The destination holds the blurred layer until the image takes its place.
    const cimaging_pixels sharp{layer.pixels, layer.width, layer.height, 3, layer.stride};
    const std::vector<double> taps = opencv::gaussian_taps(121, 15);
    const int count = static_cast<int>(taps.size());
    require(cimaging_filter_separable(&sharp, destination, taps.data(), count, message) == CIMAGING_OK, message->text);
    Planes planes(output, *glare);
    for (int y = 0; y < input.height; ++y) {
      for (size_t channel = 0; channel < 3; ++channel) {
        blend(input.row(y) + channel, output.row(y) + channel, planes.row(channel, y),
              static_cast<size_t>(input.width));
      }
    }
  });
}
