#include <algorithm>
#include <cmath>
#include <vector>

#include "guard.hpp"
#include "Kernels/Noise/hls_noise.hpp"
#include "include/testing/cimaging_testing.h"
#include "include/cimaging_noise.h"
#include "Kernels/Noise/poisson.hpp"
#include "Kernels/Noise/sensor_draws.hpp"

using namespace cimaging;

namespace {

/// A hue shift of up to this many degrees changes no channel by half a level: at most 255 levels per 60 degrees, so
/// 0.45 levels here, and the round trip through HLS loses less than 0.01.
constexpr float invisible_hue_shift = 0.45f * 60 / 255;

/// The changed pixels of a row; cleared, filled and applied row by row.
class NoiseRow {
 public:
  NoiseRow(double intensity, int width)
      : places(width + slack), strengths(width + slack), hues(width + slack), intensity(intensity) {}

  void clear() { count = 0; }

  void add(uint32_t place, int32_t events, float hue) {
    if (events == 0 && !(std::abs(hue) > invisible_hue_shift)) return;
    places[count] = place;
    strengths[count] = events * intensity;
    hues[count++] = hue;
  }

  void apply(const uint8_t *input, uint8_t *output, size_t width) const {
    std::copy(input, input + 3 * width, output);
    // OpenCV rounds the last pixels of a row, which do not fill a vector, in its scalar code.
    const size_t rest = width / opencv_lanes * opencv_lanes;
    disturb({count, places.data(), strengths.data(), hues.data()}, input, output, rest);
  }

 private:
  static constexpr size_t slack = Specks::slack, opencv_lanes = 8;

  std::vector<uint32_t> places;
  std::vector<double> strengths;
  std::vector<float> hues;
  size_t count = 0;
  double intensity;
};

/// Draws events and hue shifts for consecutive pixels: for all, or only for those that may change.
class Sensor {
 public:
  Sensor(uint64_t seed, double rate, double hue_deviation, size_t width)
      : poisson(rate),
        draws{seed, static_cast<float>(hue_deviation), poisson.certain_zero(),
              SensorDraws::shifting_hue_beyond(invisible_hue_shift, hue_deviation)},
        places(width + slack),
        upper(width + slack),
        lower(width + slack),
        hues(width + slack) {}

  /// Calls `body(place, events, hue)` for those of the `width` pixels from number `first` on that may change.
  template <typename Body>
  void each_changed(uint64_t first, size_t width, Body body) {
    each(first, draws.select(first, width, places.data()), body);
  }

  template <typename Body>
  void each_pixel(uint64_t first, size_t width, Body body) {
    for (size_t x = 0; x < width; ++x) places[x] = static_cast<uint32_t>(x);
    each(first, width, body);
  }

 private:
  template <typename Body>
  void each(uint64_t first, size_t count, Body body) {
    draws.draw(first, places.data(), count, {upper.data(), lower.data(), hues.data()});
    for (size_t i = 0; i < count; ++i) {
      body(places[i], poisson(static_cast<uint64_t>(upper[i]) << 32 | lower[i]), hues[i]);
    }
  }

  static constexpr size_t slack = SensorDraws::slack;

  Poisson poisson;
  SensorDraws draws;
  std::vector<uint32_t> places, upper, lower;
  std::vector<float> hues;
};

/// Integer sums are exact, so the rate does not depend on the order of summation.
double lightness_deviation(const View &image) {
  LightnessSums sums;
  for (int y = 0; y < image.height; ++y) sums.add(image.row(y), image.width);
  const double count = static_cast<double>(image.width) * image.height, mean = static_cast<double>(sums.sum) / count;
  return std::sqrt(std::max(static_cast<double>(sums.squares) / count - mean * mean, 0.0)) / 510;
}

}  // namespace

cimaging_status cimaging_lightness_deviation(const cimaging_pixels *source, double *deviation,
                                             cimaging_message *message) {
  return guarded(message, [&] {
    const View input = view(source);
    require_color(input);
    *deviation = lightness_deviation(input);
  });
}

cimaging_status cimaging_noise_fields(uint64_t seed, double rate, double hue_deviation, size_t count, int32_t *events,
                                      float *hue, cimaging_message *message) {
  return guarded(message, [&] {
    constexpr size_t most = 1024;
    Sensor sensor(seed, rate, hue_deviation, most);
    for (size_t first = 0; first < count; first += most) {
      sensor.each_pixel(first, std::min(most, count - first), [&](uint32_t place, int32_t number, float hue_shift) {
        events[first + place] = number;
        hue[first + place] = hue_shift;
      });
    }
  });
}

cimaging_status cimaging_apply_noise(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const int32_t *events, const float *hue, double intensity,
                                     cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    NoiseRow row(intensity, input.width);
    for (int y = 0; y < input.height; ++y) {
      const size_t first = static_cast<size_t>(y) * input.width;
      row.clear();
      for (int x = 0; x < input.width; ++x) row.add(x, events[first + x], hue[first + x]);
      row.apply(input.row(y), output.row(y), input.width);
    }
  });
}

cimaging_status cimaging_iso_noise(const cimaging_pixels *source, const cimaging_pixels *destination, uint64_t seed,
                                   double color_shift, double intensity, cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    Sensor sensor(seed, lightness_deviation(input) * intensity, color_shift * intensity, input.width);
    NoiseRow row(intensity, input.width);
    for (int y = 0; y < input.height; ++y) {
      row.clear();
      sensor.each_changed(static_cast<uint64_t>(y) * input.width, input.width,
                          [&](uint32_t place, int32_t events, float hue) { row.add(place, events, hue); });
      row.apply(input.row(y), output.row(y), input.width);
    }
  });
}
