#include <algorithm>
#include <cmath>
#include <vector>

#include "Kernels/Color/optical_density.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"

using namespace cimaging;

namespace {

/// A color, how often it occurs, and how much of two stains it holds.
struct Mixture {
  float density[3];
  double count;
  double amounts[2];
};

/// The colors of an image: equal ones hold equal amounts.
std::vector<Mixture> mixtures(const View &image) {
  std::vector<uint32_t> colors;
  colors.reserve(static_cast<size_t>(image.width) * image.height);
  for (int y = 0; y < image.height; ++y) {
    const uint8_t *rgb = image.row(y);
    for (int x = 0; x < image.width; ++x, rgb += 3) colors.push_back(rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
  }
  std::sort(colors.begin(), colors.end());
  const auto densities = optical_densities();
  std::vector<Mixture> found;
  for (size_t i = 0; i < colors.size();) {
    size_t end = i + 1;
    while (end < colors.size() && colors[end] == colors[i]) ++end;
    const uint32_t color = colors[i];
    found.push_back({{densities[color >> 16], densities[color >> 8 & 255], densities[color & 255]},
                     static_cast<double>(end - i),
                     {}});
    i = end;
  }
  return found;
}

/// Non-negative factors of the densities, by multiplicative updates of amounts and stains in turn (Lee and Seung).
class Factors {
 public:
  Factors(std::vector<Mixture> mixtures, double *stains) : mixtures(std::move(mixtures)), stains(stains) { start(); }

  void update() {
    update_amounts();
    update_stains();
    normalize();
  }

 private:
  double projection(const Mixture &mixture, int stain) const {
    double sum = 0;
    for (int i = 0; i < 3; ++i) sum += mixture.density[i] * stains[3 * stain + i];
    return sum;
  }

  void start() {
    const double given[6] = {stains[0], stains[1], stains[2], stains[3], stains[4], stains[5]};
    normalize();
    for (Mixture &mixture : mixtures) {
      for (int k = 0; k < 2; ++k) mixture.amounts[k] = std::max(projection(mixture, k), 0.0);
    }
    std::copy_n(given, 6, stains);
  }

  void update_amounts() {
    double products[4] = {};
    for (int i = 0; i < 3; ++i) {
      for (int k = 0; k < 4; ++k) products[k] += stains[3 * (k / 2) + i] * stains[3 * (k % 2) + i];
    }
    for (Mixture &mixture : mixtures) {
      const double first = mixture.amounts[0], second = mixture.amounts[1];
      for (int k = 0; k < 2; ++k) {
        const double fit = first * products[k] + second * products[2 + k];
        mixture.amounts[k] = std::max(mixture.amounts[k] * (projection(mixture, k) / (fit + epsilon)), 0.0);
      }
    }
  }

  void update_stains() {
    double wanted[6] = {}, overlap[4] = {};
    for (const Mixture &mixture : mixtures) {
      for (int k = 0; k < 2; ++k) {
        const double weight = mixture.count * mixture.amounts[k];
        for (int i = 0; i < 3; ++i) wanted[3 * k + i] += weight * mixture.density[i];
        for (int j = 0; j < 2; ++j) overlap[2 * k + j] += weight * mixture.amounts[j];
      }
    }
    const double before[6] = {stains[0], stains[1], stains[2], stains[3], stains[4], stains[5]};
    for (int k = 0; k < 2; ++k) {
      for (int i = 0; i < 3; ++i) {
        const double fit = overlap[2 * k] * before[i] + overlap[2 * k + 1] * before[3 + i];
        stains[3 * k + i] = std::max(before[3 * k + i] * (wanted[3 * k + i] / (fit + epsilon)), 0.0);
      }
    }
  }

  void normalize() {
    for (double *stain : {stains, stains + 3}) {
      const double length = std::sqrt(stain[0] * stain[0] + stain[1] * stain[1] + stain[2] * stain[2]);
      for (int i = 0; i < 3; ++i) stain[i] /= length;
    }
  }

  static constexpr double epsilon = 1e-6;

  std::vector<Mixture> mixtures;
  double *stains;
};

}  // namespace

cimaging_status cimaging_factor_stains(const cimaging_pixels *source, double *stains, int32_t iterations,
                                       cimaging_message *message) {
  return guarded(message, [&] {
    const View input = view(source);
    require_color(input);
    Factors factors(mixtures(input), stains);
    for (int i = 0; i < iterations; ++i) factors.update();
  });
}
