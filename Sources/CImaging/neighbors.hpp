#ifndef CIMAGING_NEIGHBORS_HPP
#define CIMAGING_NEIGHBORS_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// An image of 1 or 3 channels to sample, and what lies beyond its edge.
struct Scene {
  /// Whether a place that is `shift` bits finer than pixels can be read with the widest loads: its neighbors to the
  /// right and below lie in the image, and so do the eight bytes from the left one of two RGB pixels on.
  bool holds(int x, int y) const {
    return x >= 0 && y >= 0 && y <= bottom && x <= right - (y == bottom ? spare : 0);
  }

  const uint8_t *pixels;
  size_t stride;
  int width, height, channels;
  int border_mode;  // OpenCV's number
  uint8_t fill[8];  // the color of a constant border, twice
  int shift;        // bits after the point of a place: 5, or none to take the nearest pixel
  int right, bottom, spare;
};

/// Where neighboring pixels of a row are taken from: in 32nds of a pixel, or in pixels to take the nearest.
struct Places {
  static constexpr int capacity = 512;  // what belongs to so many stays in the first cache
  alignas(64) int32_t x[capacity] = {};
  alignas(64) int32_t y[capacity] = {};
};

/// What the pixels of `Places` are made of.
struct Neighbors {
  static constexpr int group = 16;

  alignas(64) uint32_t offset[Places::capacity] = {};   // of the upper left one, from the first pixel, in bytes
  alignas(64) uint32_t weights[Places::capacity] = {};  // see remap.cpp
  alignas(64) uint8_t upper[8 * Places::capacity] = {};  // left and right one: 2 bytes of grey, 8 with 6 of RGB
  alignas(64) uint8_t lower[8 * Places::capacity] = {};
  bool is_held[Places::capacity / group] = {};  // for each group: by the scene
};

/// Writes places as OpenCV's `remap` takes them: whole pixels, x and y in turn, and the 32nds of both as one number.
void split_places(const Places &places, int count, int16_t *whole, uint16_t *fraction);

/// Reads `upper` and `lower` of `count` places.
void gather_neighbors(const Scene &scene, const Places &places, int count, Neighbors &neighbors);

/// Copies the pixels at `count` places.
void copy_nearest(const Scene &scene, const Places &places, int count, const Neighbors &neighbors, uint8_t *output);

}  // namespace cimaging

#endif
