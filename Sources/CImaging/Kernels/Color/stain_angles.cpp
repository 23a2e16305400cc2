#include <algorithm>
#include <cmath>
#include <vector>

#include "Kernels/Color/optical_density.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"

using namespace cimaging;

namespace {

/// Calls `body` with the three optical densities of each pixel that has one above 0.05.
template <typename Body>
void each_tissue(const View &image, Body body) {
  const auto densities = optical_densities();
  for (int y = 0; y < image.height; ++y) {
    const uint8_t *rgb = image.row(y);
    for (int x = 0; x < image.width; ++x, rgb += 3) {
      const float pixel[3] = {densities[rgb[0]], densities[rgb[1]], densities[rgb[2]]};
      if (std::max({pixel[0], pixel[1], pixel[2]}) > 0.05f) body(pixel);
    }
  }
}

/// NumPy's `percentile`: straight between the two nearest of the sorted values.
double percentile(std::vector<float> &values, double percent) {
  const double place = (static_cast<double>(values.size()) - 1) * percent / 100;
  const auto lower = values.begin() + static_cast<ptrdiff_t>(place);
  std::nth_element(values.begin(), lower, values.end());
  const double low = *lower, share = place - std::floor(place);
  if (share == 0) return low;
  const double high = *std::min_element(lower + 1, values.end());
  return low + (high - low) * share;
}

}  // namespace

cimaging_status cimaging_density_covariance(const cimaging_pixels *source, double *covariance, int64_t *count,
                                            cimaging_message *message) {
  return guarded(message, [&] {
    const View input = view(source);
    require_color(input);
    double sums[3] = {}, products[9] = {};
    *count = 0;
    each_tissue(input, [&](const float *pixel) {
      ++*count;
      for (int i = 0; i < 3; ++i) {
        sums[i] += pixel[i];
        for (int j = 0; j < 3; ++j) products[3 * i + j] += static_cast<double>(pixel[i]) * pixel[j];
      }
    });
    const double scale = *count > 0 ? 1 / static_cast<double>(*count) : 0;
    for (int i = 0; i < 9; ++i) covariance[i] = products[i] * scale - sums[i / 3] * scale * sums[i % 3] * scale;
  });
}

cimaging_status cimaging_density_angles(const cimaging_pixels *source, const double *plane, double percent,
                                        double *angles, cimaging_message *message) {
  return guarded(message, [&] {
    const View input = view(source);
    require_color(input);
    std::vector<float> all;
    each_tissue(input, [&](const float *pixel) {
      double place[2] = {};
      for (int i = 0; i < 3; ++i) {
        for (int k = 0; k < 2; ++k) place[k] += (pixel[i] + 1e-8) * plane[2 * i + k];
      }
      all.push_back(std::atan2(static_cast<float>(place[1]), static_cast<float>(place[0])));
    });
    require(!all.empty(), "no pixel is dark enough to be tissue");
    angles[0] = percentile(all, 100 - percent);
    angles[1] = percentile(all, percent);
  });
}
