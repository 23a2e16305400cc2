#include <algorithm>

#include "guard.hpp"
#include "include/cimaging_color.h"

using namespace cimaging;

namespace {

// OpenCV's 8-bit YCrCb, in fixed point with 14 fraction bits.
constexpr int bits = 14, half = 1 << (bits - 1);

int rounded(int number) { return (number + half) >> bits; }

uint8_t luma(const uint8_t *rgb) {
  return static_cast<uint8_t>(rounded(rgb[0] * 4899 + rgb[1] * 9617 + rgb[2] * 1868));
}

uint8_t byte(int level) { return static_cast<uint8_t>(level < 0 ? 0 : level > 255 ? 255 : level); }

/// Converts to YCrCb, takes `luma` from `table`, and converts back.
void map_pixel(const uint8_t *rgb, uint8_t *output, const uint8_t *table) {
  const int y = luma(rgb), level = table[y];
  const int cr = byte(rounded((rgb[0] - y) * 11682) + 128) - 128;
  const int cb = byte(rounded((rgb[2] - y) * 9241) + 128) - 128;
  output[0] = byte(level + rounded(cr * 22987));
  output[1] = byte(level + rounded(cb * -5636 + cr * -11698));
  output[2] = byte(level + rounded(cb * 29049));
}

}  // namespace

cimaging_status cimaging_luma_histogram(const cimaging_pixels *source, uint64_t *counts, cimaging_message *message) {
  return guarded(message, [&] {
    const View input = view(source);
    require_color(input);
    std::fill_n(counts, 256, 0);
    for (int y = 0; y < input.height; ++y) {
      const uint8_t *row = input.row(y);
      for (int x = 0; x < input.width; ++x) ++counts[luma(row + 3 * x)];
    }
  });
}

cimaging_status cimaging_lookup_luma(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const uint8_t *table, cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    for (int y = 0; y < input.height; ++y) {
      for (size_t x = 0; x < input.row_length(); x += 3) map_pixel(input.row(y) + x, output.row(y) + x, table);
    }
  });
}
