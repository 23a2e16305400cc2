#ifndef CIMAGING_HLS_SCALAR_HPP
#define CIMAGING_HLS_SCALAR_HPP

#include <algorithm>
#include <array>
#include <cmath>

#include "Kernels/Noise/hls_noise.hpp"

namespace cimaging {

/// Levels as a fraction of 255.
inline constexpr std::array<float, 256> unit_levels = [] {
  std::array<float, 256> values = {};
  for (int level = 0; level < 256; ++level) values[level] = static_cast<float>(level) / 255.0f;
  return values;
}();

// OpenCV's scalar code for pixels that do not fill a vector. Its compiler fused some multiply-adds, reproduced here.

/// OpenCV `RGB2HLS_f`.
inline std::array<float, 3> scalar_to_hls(const std::array<float, 3> &rgb) {
  const auto [r, g, b] = rgb;
  const float largest = std::max({r, g, b}), smallest = std::min({r, g, b}), difference = largest - smallest;
  const float lightness = (largest + smallest) * 0.5f;
  if (!(difference > 0x1p-23f)) return {0, lightness, 0};
  const float saturation = difference / (lightness < 0.5f ? largest + smallest : 2 - largest - smallest);
  const float factor = 60.0f / difference;
  float hue = 0;
  if (largest == r) {
    hue = (g - b) * factor;
  } else if (largest == g) {
    hue = std::fma(b - r, factor, 120.0f);
  } else {
    hue = std::fma(r - g, factor, 240.0f);
  }
  return {hue < 0 ? hue + 360 : hue, lightness, saturation};
}

/// OpenCV `HLS2RGB_f`. `sixths_per_hue` converts hues to sixths of a circle.
inline std::array<float, 3> scalar_to_rgb(const std::array<float, 3> &hls, float sixths_per_hue) {
  const auto [hue, lightness, saturation] = hls;
  if (saturation == 0) return {lightness, lightness, lightness};
  const float high =
      lightness <= 0.5f ? lightness * (1 + saturation) : std::fma(-lightness, saturation, lightness + saturation);
  const float low = 2 * lightness - high;
  float sixths = hue * sixths_per_hue;
  while (sixths < 0) sixths += 6;
  while (sixths >= 6) sixths -= 6;
  const int sector = static_cast<int>(sixths);
  const float part = sixths - static_cast<float>(sector);
  const float falling = std::fma(high - low, 1 - part, low), rising = std::fma(high - low, part, low);
  switch (sector) {
    case 0: return {high, rising, low};
    case 1: return {falling, high, low};
    case 2: return {low, high, rising};
    case 3: return {low, falling, high};
    case 4: return {rising, low, high};
    default: return {high, low, falling};
  }
}

inline void disturb_one(const Specks &specks, size_t i, const uint8_t *input, uint8_t *output) {
  const size_t first = 3 * static_cast<size_t>(specks.places[i]);
  std::array<float, 3> hls =
      scalar_to_hls({unit_levels[input[first]], unit_levels[input[first + 1]], unit_levels[input[first + 2]]});
  hls[0] += specks.hues[i];
  const double added = specks.strengths[i] * static_cast<double>(1.0f - hls[1]);
  hls[1] = std::min(std::max(hls[1] + static_cast<float>(added), 0.0f), 1.0f);
  const std::array<float, 3> rgb = scalar_to_rgb(hls, 6.0f / 360);
  for (int channel = 0; channel < 3; ++channel) {
    const float level = std::nearbyint(rgb[channel] * 255.0f);
    output[first + channel] = static_cast<uint8_t>(std::min(std::max(level, 0.0f), 255.0f));
  }
}

}  // namespace cimaging

#endif
