#ifndef CIMAGING_NEIGHBORS_HPP
#define CIMAGING_NEIGHBORS_HPP

#include <cstddef>
#include <cstdint>

#include "Kernels/Warp/places.hpp"

namespace cimaging {

/// An image of 1 or 3 channels to sample, with its border mode.
struct SampledImage {
  /// Whether everything read for a place lies inside the image: its pixel or its four neighbors, and for RGB the extra
  /// bytes that four- and eight-byte loads read.
  bool holds(int x, int y) const { return x >= 0 && y >= 0 && y <= bottom && x <= right - (y == bottom ? spare : 0); }

  const uint8_t *pixels;
  size_t stride;
  int width, height, channels;
  int border_mode;    // OpenCV's constant
  uint8_t fill[8];    // the colour of a constant border, twice
  int shift;          // fraction bits of a place: 5, or 0 for the nearest pixel
  int right, bottom;  // the last column and row whose neighbors lie inside the image
  int spare;          // columns at the end of the last row where loads would overrun the image
  int margin;         // columns and rows beyond the edge that have a neighbor inside the image
};

/// Source pixels and weights for `Places`.
struct Neighbors {
  static constexpr int group = 16;

  /// All places lie inside the image, all lie so far outside that only the fill is read, or neither.
  enum Kind : uint8_t { held, beyond, mixed };

  alignas(64) uint32_t offset[Places::capacity] = {};    // of the upper left neighbor from the first pixel, in bytes
  alignas(64) uint8_t upper[8 * Places::capacity] = {};  // left and right: 2 bytes for grey, 8 (6 used) for RGB
  alignas(64) uint32_t weights[Places::capacity] = {};   // see remap.cpp
  alignas(64) uint8_t lower[8 * Places::capacity] = {};
  Kind kinds[Places::capacity / group] = {};  // of each group
};

/// Converts places to OpenCV's fixed-point `remap` format: integer x and y interleaved, and the 32nds of both as one
/// number.
void split_places(const Places &places, int count, int16_t *whole, uint16_t *fraction);

/// Fills `upper` and `lower` for `count` places.
void gather_neighbors(const SampledImage &image, const Places &places, int count, Neighbors &neighbors);

/// Copies the pixels at `count` places.
void copy_nearest(const SampledImage &image, const Places &places, int count, const Neighbors &neighbors,
                  uint8_t *output);

}  // namespace cimaging

#endif
