#ifndef CIMAGING_NEIGHBORS_HPP
#define CIMAGING_NEIGHBORS_HPP

#include <cstddef>
#include <cstdint>

#include "Kernels/Warp/places.hpp"

namespace cimaging {

/// An image of 1 or 3 channels to sample, and what lies beyond its edge.
struct SampledImage {
  /// Whether all that is read of a place lies in the image: its pixel or the four neighbors, and with RGB what loads of
  /// four or eight bytes take beyond them.
  bool holds(int x, int y) const {
    return x >= 0 && y >= 0 && y <= bottom && x <= right - (y == bottom ? spare : 0);
  }

  const uint8_t *pixels;
  size_t stride;
  int width, height, channels;
  int border_mode;    // OpenCV's number
  uint8_t fill[8];    // the color of a constant border, twice
  int shift;          // bits after the point of a place: 5, or none to take the nearest pixel
  int right, bottom;  // the last column and row whose neighbors lie in the image
  int spare;          // columns that are too many for the loads in the last row
  int margin;         // columns and rows beyond the edge that have a neighbor in the image
};

/// What the pixels of `Places` are made of.
struct Neighbors {
  static constexpr int group = 16;

  /// All places are held by the image, all are so far beyond it that there is but fill, or neither.
  enum Kind : uint8_t { held, beyond, mixed };

  alignas(64) uint32_t offset[Places::capacity] = {};    // of the upper left one, from the first pixel, in bytes
  alignas(64) uint8_t upper[8 * Places::capacity] = {};  // left and right one: 2 bytes of grey, 8 with 6 of RGB
  alignas(64) uint32_t weights[Places::capacity] = {};   // see remap.cpp
  alignas(64) uint8_t lower[8 * Places::capacity] = {};
  Kind kinds[Places::capacity / group] = {};  // of each group
};

/// Writes places as OpenCV's `remap` takes them: whole pixels, x and y in turn, and the 32nds of both as one number.
void split_places(const Places &places, int count, int16_t *whole, uint16_t *fraction);

/// Reads `upper` and `lower` of `count` places.
void gather_neighbors(const SampledImage &image, const Places &places, int count, Neighbors &neighbors);

/// Copies the pixels at `count` places.
void copy_nearest(const SampledImage &image, const Places &places, int count, const Neighbors &neighbors, uint8_t *output);

}  // namespace cimaging

#endif
