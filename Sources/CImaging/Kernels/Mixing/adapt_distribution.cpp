#include <algorithm>
#include <cmath>

#include "Kernels/Mixing/level_counts.hpp"
#include "Kernels/Mixing/principal_axes.hpp"
#include "guard.hpp"
#include "include/cimaging_mixing.h"

namespace cimaging {

namespace {

/// Mixes a level with what it becomes, from 0 to 1; the fraction is cut off, as NumPy does.
struct Mixture {
  float share, rest;

  explicit Mixture(double ratio) : share(static_cast<float>(ratio)), rest(static_cast<float>(1 - ratio)) {}

  uint8_t operator()(uint8_t level, double adapted) const {
    const float target = static_cast<float>(std::clamp(adapted * 255, 0.0, 255.0));
    return static_cast<uint8_t>(std::clamp(static_cast<float>(level) * rest + target * share, 0.0f, 255.0f));
  }
};

float as_share(int level) { return static_cast<float>(level) / 255; }

/// Where a channel begins, and how far it extends.
struct Scale {
  double origin, extent;

  /// From the mean, in deviations.
  static Scale standard(const LevelCounts &counts) {
    double total = 0, sum = 0, squares = 0;
    for (int level = 0; level < 256; ++level) {
      const double count = static_cast<double>(counts[level]);
      total += count, sum += count * level;
    }
    const double mean = sum / total;
    for (int level = 0; level < 256; ++level) {
      squares += static_cast<double>(counts[level]) * (level - mean) * (level - mean);
    }
    const double deviation = std::sqrt(squares / total) / 255;
    return {mean / 255, deviation == 0 ? 1 : deviation};
  }

  /// From the least level to the largest.
  static Scale range(const LevelCounts &counts) {
    int least = 0, largest = 255;
    while (least < 255 && counts[least] == 0) ++least;
    while (largest > least && counts[largest] == 0) --largest;
    const float extent = as_share(largest) - as_share(least);
    return {as_share(least), extent == 0 ? 1 : extent};
  }
};

void adapt_channels(const View &input, const View &reference, View &output, Scale (*scale)(const LevelCounts &),
                    const Mixture &mixture) {
  const auto ours = level_counts(input), theirs = level_counts(reference);
  LevelTables tables{};
  for (int channel = 0; channel < input.channels; ++channel) {
    const Scale from = scale(ours[channel]), to = scale(theirs[channel]);
    for (int level = 0; level < 256; ++level) {
      const double place = (as_share(level) - from.origin) / from.extent;
      tables[channel][level] = mixture(static_cast<uint8_t>(level), place * to.extent + to.origin);
    }
  }
  look_up_channels(input, output, tables);
}

void adapt_axes(const View &input, const View &reference, View &output, const Mixture &mixture) {
  const PrincipalAxes ours(input), theirs(reference);
  const auto sign = [](double value) { return (value > 0) - (value < 0); };
  const double turn = sign(ours.trace()) == sign(theirs.trace()) ? 1 : -1;
  const int channels = input.channels;
  double matrix[3][3]{}, offset[3]{};
  for (int i = 0; i < channels; ++i) {
    offset[i] = theirs.mean[i];
    for (int j = 0; j < channels; ++j) {
      for (int k = 0; k < channels; ++k) matrix[i][j] += turn * theirs.axes[k][i] * ours.axes[k][j];
      offset[i] -= matrix[i][j] * ours.mean[j];
    }
  }
  for (int y = 0; y < input.height; ++y) {
    const uint8_t *from = input.row(y);
    uint8_t *to = output.row(y);
    for (int x = 0; x < input.width; ++x, from += channels, to += channels) {
      for (int i = 0; i < channels; ++i) {
        double adapted = offset[i];
        for (int j = 0; j < channels; ++j) adapted += matrix[i][j] * as_share(from[j]);
        to[i] = mixture(from[i], adapted);
      }
    }
  }
}

}  // namespace

}  // namespace cimaging

cimaging_status cimaging_adapt_distribution(const cimaging_pixels *source, const cimaging_pixels *reference,
                                            const cimaging_pixels *destination, int32_t way, double ratio,
                                            cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const View other = view(reference);
    require(other.channels == input.channels, "the reference has other channels");
    const Mixture mixture(ratio);
    switch (way) {
      case CIMAGING_ADAPT_PCA: return adapt_axes(input, other, output, mixture);
      case CIMAGING_ADAPT_STANDARD: return adapt_channels(input, other, output, Scale::standard, mixture);
      default: return adapt_channels(input, other, output, Scale::range, mixture);
    }
  });
}
