#include "Kernels/Noise/noise_grid.hpp"

#include <algorithm>
#include <cmath>

namespace cimaging {

namespace {

WhiteNoise::Distribution base(const cimaging_white_noise &noise) {
  switch (noise.distribution) {
    case CIMAGING_NORMAL: return WhiteNoise::Distribution::normal;
    case CIMAGING_LAPLACE: return WhiteNoise::Distribution::laplace;
    default: return WhiteNoise::Distribution::uniform;
  }
}

/// The quantile at a number in -1 ... 1.
float quantile(const cimaging_white_noise &noise, float number) {
  const float place = (number + 1) / 2 * static_cast<float>(noise.quantile_count - 1);
  const int first = std::min(std::max(static_cast<int>(place), 0), noise.quantile_count - 2);
  const float *around = noise.quantiles + first;
  return around[0] + (place - static_cast<float>(first)) * (around[1] - around[0]);
}

}  // namespace

NoiseGrid::NoiseGrid(const cimaging_white_noise &noise, Size size)
    : noise(noise), source{noise.seed, base(noise)}, size(size), coarse(size) {
  coarse.width = std::max(1, static_cast<int>(size.width * noise.density));
  coarse.height = std::max(1, static_cast<int>(size.height * noise.density));
  drawn.resize(WhiteNoise::room_for(static_cast<size_t>(coarse.width) * static_cast<size_t>(coarse.channels)));
  if (is_fine()) return;
  for (int x = 0; x < size.width; ++x) columns.push_back(place(x, size.width, coarse.width));
  const size_t length = static_cast<size_t>(size.width) * static_cast<size_t>(size.channels);
  mixed.resize(length);
  for (auto &row : wide) row.resize(length);
}

/// As in OpenCV's linear `resize` of floats.
NoiseGrid::Place NoiseGrid::place(int index, int count, int coarse_count) {
  const double step = static_cast<double>(coarse_count) / count;
  const float exact = static_cast<float>((index + 0.5) * step - 0.5);
  const int first = static_cast<int>(std::floor(exact));
  if (first < 0) return {0, 0, 0};
  if (first >= coarse_count - 1) return {coarse_count - 1, coarse_count - 1, 0};
  return {first, first + 1, exact - static_cast<float>(first)};
}

const float *NoiseGrid::row(int y) {
  if (is_fine()) {
    draw(y, drawn);
    return drawn.data();
  }
  const Place place = NoiseGrid::place(y, size.height, coarse.height);
  const float *upper = widened(place.first).data(), *lower = widened(place.second).data();
  for (size_t i = 0; i < mixed.size(); ++i) mixed[i] = upper[i] * (1 - place.weight) + lower[i] * place.weight;
  return mixed.data();
}

const std::vector<float> &NoiseGrid::widened(int y) {
  const int slot = y % 2;
  if (wide_rows[slot] == y) return wide[slot];
  draw(y, drawn);
  const int channels = size.channels;
  float *output = wide[slot].data();
  for (const Place &place : columns) {
    const float *left = drawn.data() + place.first * channels, *right = drawn.data() + place.second * channels;
    for (int c = 0; c < channels; ++c) *output++ = left[c] * (1 - place.weight) + right[c] * place.weight;
  }
  wide_rows[slot] = y;
  return wide[slot];
}

void NoiseGrid::draw(int y, std::vector<float> &numbers) {
  source.draw(static_cast<uint32_t>(y), numbers.data(), numbers.size());
  if (noise.distribution == CIMAGING_QUANTILES) {
    for (float &number : numbers) number = quantile(noise, number);
  }
  const float scale = static_cast<float>(noise.scale), offset = static_cast<float>(noise.offset);
  for (float &number : numbers) number = number * scale + offset;
}

}  // namespace cimaging
