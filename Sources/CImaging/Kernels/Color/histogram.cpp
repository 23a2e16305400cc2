#include <algorithm>
#include <vector>

#include "guard.hpp"
#include "include/cimaging_color.h"

namespace {

/// Counts in eight partial histograms of a channel each, so that equal neighbours do not wait for one counter.
template <int channels>
void count(const cimaging::View &image, uint64_t *counts) {
  constexpr size_t parts = 8 / channels * channels;
  std::vector<uint32_t> partial(parts * 256);
  for (int y = 0; y < image.height; ++y) {
    const uint8_t *row = image.row(y);
    const size_t length = image.row_length();
    size_t i = 0;
    for (; i + parts <= length; i += parts) {
      for (size_t k = 0; k < parts; ++k) ++partial[256 * k + row[i + k]];
    }
    for (size_t k = 0; i < length; ++i, ++k) ++partial[256 * k + row[i]];
  }
  for (size_t k = 0; k < parts; ++k) {
    for (size_t level = 0; level < 256; ++level) counts[256 * (k % channels) + level] += partial[256 * k + level];
  }
}

}  // namespace

cimaging_status cimaging_histograms(const cimaging_pixels *source, uint64_t *counts, cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    const View input = view(source);
    std::fill_n(counts, 256 * input.channels, 0);
    if (input.channels == 1) return count<1>(input, counts);
    require_color(input);
    count<3>(input, counts);
  });
}
