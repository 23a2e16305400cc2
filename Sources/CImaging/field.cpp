#include "field.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace cimaging {
namespace {

constexpr double first_blur = 0.75;  // sigma of the first blur, in nodes: what it lets alias is below 2e-5
constexpr double reach = 4.5;        // sigmas that a blur looks to each side

double rest_of(double sigma, int pitch) {
  const double nodes = sigma / pitch, spline_variance = 1.0 / 3;
  return std::sqrt(nodes * nodes - first_blur * first_blur - spline_variance);
}

int beyond_for(double rest) { return static_cast<int>(std::ceil(reach * rest)) + 3; }

typedef float Lanes __attribute__((vector_size(16), aligned(4)));

/// In a fixed order, so that every machine gets the same sum. `count` is a multiple of 8.
float dot(const float *a, const float *b, size_t count) {
  Lanes even = {0, 0, 0, 0}, odd = {0, 0, 0, 0};
  for (size_t i = 0; i < count; i += 8) {
    even += *reinterpret_cast<const Lanes *>(a + i) * *reinterpret_cast<const Lanes *>(b + i);
    odd += *reinterpret_cast<const Lanes *>(a + i + 4) * *reinterpret_cast<const Lanes *>(b + i + 4);
  }
  const Lanes sum = even + odd;
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

}  // namespace

CoarseAxis::CoarseAxis(int length, int pitch, int beyond)
    : length(length), pitch(pitch), beyond(beyond), radius(static_cast<int>(std::ceil(reach * first_blur * pitch))),
      nodes(2 * beyond + (length - 1 + pitch - 1) / pitch + 1) {
  const double sigma = first_blur * pitch;
  double sum = 0;
  for (int i = -radius; i <= radius; ++i) sum += std::exp(-0.5 * i * i / (sigma * sigma));
  for (int i = -radius; i <= radius; ++i) {
    taps.push_back(static_cast<float>(std::exp(-0.5 * i * i / (sigma * sigma)) / sum));
  }
  taps.resize((taps.size() + 7) / 8 * 8, 0.0f);
}

CoarseField::CoarseField(int width, int height, double sigma)
    : width(width), height(height), pitch(pitch_for(sigma)), rest(rest_of(sigma, pitch)),
      across(width, pitch, beyond_for(rest)), down(height, pitch, beyond_for(rest)), reduced(across.nodes),
      grid(down.nodes, across.nodes, CV_32F, cv::Scalar(0)) {
  padded.resize(static_cast<size_t>(across.nodes - 1) * pitch + across.taps.size());
  for (int weight = 0; weight < 4; ++weight) {
    for (int phase = 0; phase < pitch; ++phase) {
      const double t = std::abs(static_cast<double>(phase) / pitch - (weight - 1));
      spline.push_back(static_cast<float>(t < 1 ? 2.0 / 3 - t * t + t * t * t / 2
                                                : (2 - t) * (2 - t) * (2 - t) / 6));
    }
  }
}

void CoarseField::reduce(const float *row) {
  const int before = across.beyond * pitch + across.radius;
  std::fill(padded.begin(), padded.begin() + before, row[0]);
  std::copy(row, row + width, padded.begin() + before);
  std::fill(padded.begin() + before + width, padded.end(), row[width - 1]);
  for (int node = 0; node < across.nodes; ++node) {
    reduced[node] = dot(padded.data() + static_cast<size_t>(node) * pitch, across.taps.data(), across.taps.size());
  }
}

void CoarseField::add(const float *row) {
  reduce(row);
  const int y = added++;
  for (int node = 0; node < down.nodes; ++node) {
    // The first row stands for all above it too, and the last for all below.
    const int offset = y - down.position(node);
    const int first = y == 0 ? -down.radius : std::max(offset, -down.radius);
    const int last = y == height - 1 ? down.radius : std::min(offset, down.radius);
    float weight = 0;
    for (int i = first; i <= last; ++i) weight += down.taps[i + down.radius];
    if (weight == 0) continue;
    float *sums = grid.ptr<float>(node);
    for (int i = 0; i < across.nodes; ++i) sums[i] += weight * reduced[i];
  }
}

void CoarseField::finish() {
  const int size = 2 * (beyond_for(rest) - 3) + 1;
  cv::GaussianBlur(grid, grid, cv::Size(size, size), rest, rest, cv::BORDER_REPLICATE);
  rows.create(down.nodes - 2 * down.beyond + 3, width, CV_32F);
  for (int i = 0; i < rows.rows; ++i) expand(grid.ptr<float>(down.beyond - 1 + i), rows.ptr<float>(i));
}

void CoarseField::expand(const float *nodes, float *row) const {
  const float *first = spline.data(), *second = first + pitch, *third = second + pitch, *fourth = third + pitch;
  for (int x = 0; x < width; x += pitch) {
    const float *around = nodes + across.beyond + x / pitch;
    const int count = std::min(pitch, width - x);
    for (int i = 0; i < count; ++i) {
      row[x + i] = around[-1] * first[i] + around[0] * second[i] + around[1] * third[i] + around[2] * fourth[i];
    }
  }
}

void CoarseField::read(int y, float scale, float *output) const {
  const int node = y / pitch, phase = y % pitch;
  const float *above = rows.ptr<float>(node), *at = rows.ptr<float>(node + 1);
  const float *below = rows.ptr<float>(node + 2), *last = rows.ptr<float>(node + 3);
  const float a = scale * spline[phase], b = scale * spline[pitch + phase];
  const float c = scale * spline[2 * pitch + phase], d = scale * spline[3 * pitch + phase];
  for (int x = 0; x < width; ++x) output[x] = a * above[x] + b * at[x] + c * below[x] + d * last[x];
}

}  // namespace cimaging
