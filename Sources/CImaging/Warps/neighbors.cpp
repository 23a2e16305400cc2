#include "Warps/neighbors.hpp"

#include <algorithm>
#include <cstring>
#include <opencv2/imgproc.hpp>

namespace cimaging {

namespace {

/// OpenCV keeps whole coordinates in 16 bits.
int shortened(int value) { return std::clamp(value, -32768, 32767); }

/// The column or row that stands in for one beyond the edge; negative for the fill.
int inner(int place, int length, int border_mode) {
  if (place >= 0 && place < length) return place;
  if (border_mode == cv::BORDER_CONSTANT) return -1;
  if (border_mode == cv::BORDER_REPLICATE) return place < 0 ? 0 : length - 1;
  return cv::borderInterpolate(place, length, border_mode);
}

/// The pixel in an inner column and row.
const uint8_t *pixel_at(const Scene &scene, int x, int y) {
  if (x < 0 || y < 0) return scene.fill;
  return scene.pixels + y * scene.stride + static_cast<size_t>(x) * scene.channels;
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

/// The pixels of one place that the scene may not hold.
template <int channels>
void gather_carefully(const Scene &scene, int x, int y, uint8_t *upper, uint8_t *lower) {
  using Pair = Pair<channels>;
  if (scene.holds(x, y)) {
    const uint8_t *pixel = pixel_at(scene, x, y);
    std::memcpy(upper, pixel, Pair::size);
    std::memcpy(lower, pixel + scene.stride, Pair::size);
  } else {
    const int left = inner(x, scene.width, scene.border_mode), right = inner(x + 1, scene.width, scene.border_mode);
    const int top = inner(y, scene.height, scene.border_mode), down = inner(y + 1, scene.height, scene.border_mode);
    Pair::store(pixel_at(scene, left, top), pixel_at(scene, right, top), upper);
    Pair::store(pixel_at(scene, left, down), pixel_at(scene, right, down), lower);
  }
}

/// Has the processor load what a later row reads at the same place: where a warp is curved, one row of the output jumps
/// from row to row of the source, which no processor foresees. Eight rows ahead gained most.
void fetch_ahead(const Scene &scene, size_t offset) {
  const uintptr_t address = reinterpret_cast<uintptr_t>(scene.pixels) + offset + 8 * scene.stride;
  __builtin_prefetch(reinterpret_cast<const void *>(address));  // may lie outside the image: it does not fault
}

/// A group whose places the scene holds.
template <int channels>
void gather_freely(const Scene &scene, const uint32_t *offset, uint8_t *upper, uint8_t *lower) {
  constexpr int size = Pair<channels>::size;
  fetch_ahead(scene, offset[Neighbors::group / 2]);
  const uint8_t *const top = scene.pixels, *const bottom = scene.pixels + scene.stride;
  for (int i = 0; i < Neighbors::group; ++i) {
    const size_t start = offset[i];
    std::memcpy(upper + size * i, top + start, size);
    std::memcpy(lower + size * i, bottom + start, size);
  }
}

template <int channels>
void gather_fill(const Scene &scene, uint8_t *upper, uint8_t *lower) {
  constexpr int size = Pair<channels>::size;
  for (int i = 0; i < Neighbors::group; ++i) {
    std::memcpy(upper + size * i, scene.fill, size);
    std::memcpy(lower + size * i, scene.fill, size);
  }
}

template <int channels>
void gather_mixed(const Scene &scene, const Places &places, int first, uint8_t *upper, uint8_t *lower) {
  constexpr int size = Pair<channels>::size;
  for (int i = 0; i < Neighbors::group; ++i) {
    const int x = shortened(places.x[first + i] >> scene.shift), y = shortened(places.y[first + i] >> scene.shift);
    gather_carefully<channels>(scene, x, y, upper + size * i, lower + size * i);
  }
}

template <int channels>
void gather(const Scene &scene, const Places &places, int count, Neighbors &neighbors) {
  constexpr int size = Pair<channels>::size;
  for (int first = 0; first < count; first += Neighbors::group) {
    uint8_t *upper = neighbors.upper + size * first, *lower = neighbors.lower + size * first;
    switch (neighbors.kinds[first / Neighbors::group]) {
      case Neighbors::held: gather_freely<channels>(scene, neighbors.offset + first, upper, lower); break;
      case Neighbors::beyond: gather_fill<channels>(scene, upper, lower); break;
      case Neighbors::mixed: gather_mixed<channels>(scene, places, first, upper, lower); break;
    }
  }
}

/// A group whose places the scene holds. RGB is copied four bytes at a time: the fourth is the next pixel's to write.
template <int channels>
void copy_freely(const Scene &scene, const uint32_t *offset, uint8_t *output) {
  constexpr int size = channels == 1 ? 1 : 4, last = Neighbors::group - 1;
  const uint8_t *const pixels = scene.pixels;
  for (int i = 0; i < last; ++i) std::memcpy(output + channels * i, pixels + offset[i], size);
  std::memcpy(output + channels * last, pixels + offset[last], channels);
}

template <int channels>
void copy_carefully(const Scene &scene, const Places &places, int i, uint8_t *output) {
  const int x = inner(shortened(places.x[i]), scene.width, scene.border_mode);
  const int y = inner(shortened(places.y[i]), scene.height, scene.border_mode);
  std::memcpy(output, pixel_at(scene, x, y), channels);
}

template <int channels>
void copy(const Scene &scene, const Places &places, int count, const Neighbors &neighbors, uint8_t *output) {
  for (int first = 0; first < count; first += Neighbors::group) {
    const int end = std::min(first + Neighbors::group, count);
    const auto kind = end - first < Neighbors::group ? Neighbors::mixed : neighbors.kinds[first / Neighbors::group];
    if (kind == Neighbors::held) {
      copy_freely<channels>(scene, neighbors.offset + first, output + channels * first);
    } else {
      for (int i = first; i < end; ++i) {
        if (kind == Neighbors::beyond) {
          std::memcpy(output + channels * i, scene.fill, channels);
        } else {
          copy_carefully<channels>(scene, places, i, output + channels * i);
        }
      }
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
