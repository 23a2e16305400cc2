#include <cmath>
#include <vector>

#include "Kernels/Mixing/level_counts.hpp"
#include "guard.hpp"
#include "include/cimaging_mixing.h"

namespace cimaging {

namespace {

/// The share of pixels up to each level.
std::array<double, 256> quantiles(const LevelCounts &counts) {
  uint64_t total = 0, sum = 0;
  for (uint64_t count : counts) total += count;
  std::array<double, 256> shares;
  for (int level = 0; level < 256; ++level) {
    sum += counts[level];
    shares[level] = static_cast<double>(sum) / static_cast<double>(total);
  }
  return shares;
}

/// The level at each quantile, between levels that occur: NumPy's `interp`, whose order of rounding it keeps.
class QuantileLevels {
 public:
  explicit QuantileLevels(const LevelCounts &counts) {
    const auto shares = quantiles(counts);
    for (int level = 0; level < 256; ++level) {
      if (counts[level] > 0) knots.push_back({shares[level], static_cast<double>(level)});
    }
  }

  /// Quantiles must come in rising order.
  double level(double quantile) {
    if (quantile < knots[0].quantile) return knots[0].level;
    while (place + 1 < knots.size() && knots[place + 1].quantile <= quantile) ++place;
    const Knot &knot = knots[place];
    if (place + 1 == knots.size() || quantile == knot.quantile) return knot.level;
    const Knot &next = knots[place + 1];
    const double slope = (next.level - knot.level) / (next.quantile - knot.quantile);
    return slope * (quantile - knot.quantile) + knot.level;
  }

 private:
  struct Knot {
    double quantile, level;
  };
  std::vector<Knot> knots;
  size_t place = 0;
};

}  // namespace

/// Each level has one result, so that a table for each channel is enough.
void match_histogram(const View &input, const View &reference, View &output, double ratio) {
  const auto ours = level_counts(input), theirs = level_counts(reference);
  const float share = static_cast<float>(ratio), rest = static_cast<float>(1 - ratio);
  LevelTables tables{};
  for (int channel = 0; channel < input.channels; ++channel) {
    QuantileLevels levels(theirs[channel]);
    const auto shares = quantiles(ours[channel]);
    for (int level = 0; level < 256; ++level) {
      const float matched = static_cast<float>(static_cast<int>(levels.level(shares[level])));
      // Multiplied and added in one step, as SimSIMD does.
      tables[channel][level] = nearest_byte(std::fma(matched, share, static_cast<float>(level) * rest));
    }
  }
  look_up_channels(input, output, tables);
}

}  // namespace cimaging

cimaging_status cimaging_match_histogram(const cimaging_pixels *source, const cimaging_pixels *reference,
                                         const cimaging_pixels *destination, double ratio, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const View other = view(reference);
    require(other.channels == input.channels, "the reference has other channels");
    match_histogram(input, other, output, ratio);
  });
}
