#include "Kernels/Warp/Elastic/row_blur.hpp"

#include <algorithm>
#include <cmath>

namespace cimaging {

std::vector<float> gaussian(double sigma, int radius) {
  std::vector<double> taps;
  double sum = 0;
  for (int i = -radius; i <= radius; ++i) {
    taps.push_back(std::exp(-0.5 * i * i / (sigma * sigma)));
    sum += taps.back();
  }
  std::vector<float> result;
  for (const double tap : taps) result.push_back(static_cast<float>(tap / sum));
  return result;
}

int radius_for(double sigma) { return static_cast<int>((std::lrint(sigma * 4 * 2 + 1) | 1) / 2); }

RowBlur::RowBlur(RowSource given, const std::vector<float> &taps, int first_row, float scale)
    : source(std::move(given)),
      taps(taps),
      radius(static_cast<int>(taps.size() / 2)),
      first_row(first_row),
      made(std::max(0, first_row - radius)),
      around(taps.size()) {
  for (const float tap : taps) scaled.push_back(scale * tap);
  padded = Plane(1, 2 * radius + static_cast<int>(source.room));
  rows = Plane(std::min(2 * radius + 1, source.height), source.width);
}

void RowBlur::read(int y, float *output) {
  const int middle = first_row + y, last = source.height - 1;
  for (; made <= std::min(middle + radius, last); ++made) blur_across(made);
  for (int i = -radius; i <= radius; ++i) {
    around[i + radius] = rows.row(std::clamp(middle + i, 0, last) % rows.rows);
  }
  weighted_sum(around.data(), scaled.data(), scaled.size(), output, source.width);
}

void RowBlur::blur_across(int y) {
  float *pixels = padded.row(0) + radius;
  source.make(y, pixels);
  std::fill(pixels - radius, pixels, pixels[0]);
  std::fill(pixels + source.width, pixels + source.width + radius, pixels[source.width - 1]);
  for (size_t i = 0; i < taps.size(); ++i) around[i] = padded.row(0) + i;
  weighted_sum(around.data(), taps.data(), taps.size(), rows.row(y % rows.rows), source.width);
}

}  // namespace cimaging
