#ifndef CIMAGING_HISTOGRAM_HPP
#define CIMAGING_HISTOGRAM_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cimaging {

/// Counts levels in partial histograms of a channel each, so that equal neighbours do not wait for one counter.
template <int channels>
class LevelCounts {
 public:
  /// Adds a row of `length` bytes.
  void add(const uint8_t *row, size_t length) {
    size_t i = 0;
    for (; i + parts <= length; i += parts) {
      for (size_t k = 0; k < parts; ++k) ++partial[256 * k + row[i + k]];
    }
    for (size_t k = 0; i < length; ++i, ++k) ++partial[256 * k + row[i]];
  }

  /// Writes 256 counts per channel.
  void sum(uint64_t *counts) const {
    std::fill_n(counts, 256 * channels, 0);
    for (size_t k = 0; k < parts; ++k) {
      for (size_t level = 0; level < 256; ++level) counts[256 * (k % channels) + level] += partial[256 * k + level];
    }
  }

 private:
  static constexpr size_t parts = 8 / channels * channels;
  std::vector<uint32_t> partial = std::vector<uint32_t>(parts * 256);
};

}  // namespace cimaging

#endif
