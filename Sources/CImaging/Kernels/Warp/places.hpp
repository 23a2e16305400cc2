#ifndef CIMAGING_PLACES_HPP
#define CIMAGING_PLACES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace cimaging {

// OpenCV's constants, as C callers pass them.

enum Interpolation { nearest_pixel = 0, linear = 1 };

enum Border {
  constant_border = 0,
  replicated_border = 1,
  edge_reflected_border = 2,
  wrapped_border = 3,
  reflected_border = 4
};

constexpr int fraction_bits = 5;  // of a place between pixels

/// Source coordinates of consecutive pixels of a row, in 32nds of a pixel, or in whole pixels for nearest-neighbor
/// sampling.
struct Places {
  static constexpr int capacity = 512;  // few enough that the data of all places stays in the L1 cache
  alignas(64) int32_t x[capacity] = {};
  alignas(64) int32_t y[capacity] = {};
};

/// Calls `body(first, count)` for consecutive pieces of a row, each of at most `Places::capacity` pixels.
template <typename Body>
void each_piece(int width, Body body) {
  for (int first = 0; first < width; first += Places::capacity) {
    body(first, std::min(Places::capacity, width - first));
  }
}

/// Width rounded up to a multiple of 16, so that vectors may read and write past the end of a row.
inline size_t padded_width(int width) { return (static_cast<size_t>(width) + 15) / 16 * 16; }

}  // namespace cimaging

#endif
