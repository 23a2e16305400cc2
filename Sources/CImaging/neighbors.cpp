#include "neighbors.hpp"

#include <algorithm>
#include <cstring>
#include <opencv2/imgproc.hpp>

namespace cimaging {

namespace {

/// OpenCV keeps whole coordinates in 16 bits.
int shortened(int value) { return std::clamp(value, -32768, 32767); }

/// The pixel that stands at (x, y), which may lie beyond the edge.
const uint8_t *pixel_at(const Scene &scene, int x, int y) {
  if (static_cast<unsigned>(x) >= static_cast<unsigned>(scene.width)) {
    x = cv::borderInterpolate(x, scene.width, scene.border_mode);
  }
  if (static_cast<unsigned>(y) >= static_cast<unsigned>(scene.height)) {
    y = cv::borderInterpolate(y, scene.height, scene.border_mode);
  }
  if (x < 0 || y < 0) return scene.fill;
  return scene.pixels + y * scene.stride + static_cast<size_t>(x) * scene.channels;
}

/// Whether nothing of the image is near.
bool is_beyond(const Scene &scene, int x, int y) {
  return scene.border_mode == cv::BORDER_CONSTANT && (x < -1 || y < -1 || x >= scene.width || y >= scene.height);
}

/// How the two pixels beside each other are held for a number of channels.
template <int channels>
struct Pair {
  static constexpr int size = channels == 1 ? 2 : 8;

  static void store(const uint8_t *left, const uint8_t *right, uint8_t *pair) {
    std::memcpy(pair, left, channels);
    std::memcpy(pair + channels, right, channels);
  }
};

/// The pixels of one place with care for the edge.
template <int channels>
void gather_carefully(const Scene &scene, int x, int y, uint8_t *upper, uint8_t *lower) {
  using Pair = Pair<channels>;
  x = shortened(x);
  y = shortened(y);
  if (scene.holds(x, y)) {
    const uint8_t *pixel = pixel_at(scene, x, y);
    std::memcpy(upper, pixel, Pair::size);
    std::memcpy(lower, pixel + scene.stride, Pair::size);
    return;
  }
  if (is_beyond(scene, x, y)) {
    std::memcpy(upper, scene.fill, Pair::size);
    std::memcpy(lower, scene.fill, Pair::size);
    return;
  }
  Pair::store(pixel_at(scene, x, y), pixel_at(scene, x + 1, y), upper);
  Pair::store(pixel_at(scene, x, y + 1), pixel_at(scene, x + 1, y + 1), lower);
}

/// A group whose places the scene holds.
template <int channels>
void gather_freely(const Scene &scene, const uint32_t *offset, uint8_t *upper, uint8_t *lower) {
  constexpr int size = Pair<channels>::size;
  const uint8_t *const top = scene.pixels, *const bottom = scene.pixels + scene.stride;
  for (int i = 0; i < Neighbors::group; ++i) {
    std::memcpy(upper + size * i, top + offset[i], size);
    std::memcpy(lower + size * i, bottom + offset[i], size);
  }
}

template <int channels>
void gather(const Scene &scene, const Places &places, int count, Neighbors &neighbors) {
  constexpr int size = Pair<channels>::size;
  for (int first = 0; first < count; first += Neighbors::group) {
    uint8_t *upper = neighbors.upper + size * first, *lower = neighbors.lower + size * first;
    if (neighbors.is_held[first / Neighbors::group]) {
      gather_freely<channels>(scene, neighbors.offset + first, upper, lower);
      continue;
    }
    for (int i = first; i < std::min(first + Neighbors::group, count); ++i, upper += size, lower += size) {
      gather_carefully<channels>(scene, places.x[i] >> scene.shift, places.y[i] >> scene.shift, upper, lower);
    }
  }
}

template <int channels>
void copy(const Scene &scene, const Places &places, int count, const Neighbors &neighbors, uint8_t *output) {
  for (int first = 0; first < count; first += Neighbors::group) {
    const bool is_held = neighbors.is_held[first / Neighbors::group];
    for (int i = first; i < std::min(first + Neighbors::group, count); ++i) {
      const uint8_t *pixel = is_held ? scene.pixels + neighbors.offset[i]
                                     : pixel_at(scene, shortened(places.x[i]), shortened(places.y[i]));
      std::memcpy(output + channels * i, pixel, channels);
    }
  }
}

}  // namespace

void split_places(const Places &places, int count, int16_t *whole, uint16_t *fraction) {
  for (int i = 0; i < count; ++i) {
    const int x = places.x[i], y = places.y[i];
    whole[2 * i] = static_cast<int16_t>(shortened(x >> cv::INTER_BITS));
    whole[2 * i + 1] = static_cast<int16_t>(shortened(y >> cv::INTER_BITS));
    fraction[i] = static_cast<uint16_t>((y & 31) * 32 + (x & 31));
  }
}

void gather_neighbors(const Scene &scene, const Places &places, int count, Neighbors &neighbors) {
  if (scene.channels == 1) {
    gather<1>(scene, places, count, neighbors);
  } else {
    gather<3>(scene, places, count, neighbors);
  }
}

void copy_nearest(const Scene &scene, const Places &places, int count, const Neighbors &neighbors, uint8_t *output) {
  if (scene.channels == 1) {
    copy<1>(scene, places, count, neighbors, output);
  } else {
    copy<3>(scene, places, count, neighbors, output);
  }
}

}  // namespace cimaging
