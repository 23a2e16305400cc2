#ifndef CIMAGING_PLACES_HPP
#define CIMAGING_PLACES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace cimaging {

// OpenCV's numbers, in which C callers say how values are found.

enum Interpolation { nearest_pixel = 0, linear = 1 };

/// What lies beyond the edge.
enum Border { constant_border = 0, replicated_border = 1, edge_reflected_border = 2, wrapped_border = 3,
              reflected_border = 4 };

constexpr int fraction_bits = 5;  // after the point of a place between pixels

/// Where neighboring pixels of a row are taken from: in 32nds of a pixel, or in pixels to take the nearest.
struct Places {
  static constexpr int capacity = 512;  // what belongs to so many stays in the first cache
  alignas(64) int32_t x[capacity] = {};
  alignas(64) int32_t y[capacity] = {};
};

/// Calls `body(first, count)` for one piece of a row after another, each of as many pixels as `Places` holds.
template <typename Body>
void each_piece(int width, Body body) {
  for (int first = 0; first < width; first += Places::capacity) {
    body(first, std::min(Places::capacity, width - first));
  }
}

/// The length of a row of numbers that vectors may read and write past its end.
inline size_t padded_width(int width) { return (static_cast<size_t>(width) + 15) / 16 * 16; }

}  // namespace cimaging

#endif
