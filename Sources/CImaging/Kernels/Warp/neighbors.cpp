#include "Kernels/Warp/neighbors.hpp"

#include <algorithm>
#include <cstring>

#include "view.hpp"

namespace cimaging {

namespace {

/// Clamps a coordinate to 16 bits, as OpenCV stores them.
int shortened(int value) { return std::clamp(value, -32768, 32767); }

/// As `reflected`, but about the edge itself, so that the outermost pixels repeat (BORDER_REFLECT).
int reflected_at_edge(int place, int length) {
  while (place < 0 || place >= length) place = place < 0 ? -place - 1 : 2 * length - 1 - place;
  return place;
}

/// The column or row to read for `place`, which may lie beyond the edge; negative for the fill.
int inner(int place, int length, int border_mode) {
  if (place >= 0 && place < length) return place;
  switch (border_mode) {
    case constant_border: return -1;
    case replicated_border: return place < 0 ? 0 : length - 1;
    case wrapped_border: return (place % length + length) % length;
    case edge_reflected_border: return reflected_at_edge(place, length);
    default: return reflected(place, length);
  }
}

/// The pixel at an inner column and row, or the fill if either is negative.
const uint8_t *pixel_at(const SampledImage &image, int x, int y) {
  if (x < 0 || y < 0) return image.fill;
  return image.pixels + y * image.stride + static_cast<size_t>(x) * image.channels;
}

/// Storage of two horizontally adjacent pixels.
template <int channels>
struct PixelPair {
  static constexpr int size = channels == 1 ? 2 : 8;

  static void store(const uint8_t *left, const uint8_t *right, uint8_t *pair) {
    std::memcpy(pair, left, channels);
    std::memcpy(pair + channels, right, channels);
  }
};

/// Gathers the neighbors of one place, with bounds checks.
template <int channels>
void gather_carefully(const SampledImage &image, int x, int y, uint8_t *upper, uint8_t *lower) {
  using Pair = PixelPair<channels>;
  if (image.holds(x, y)) {
    const uint8_t *pixel = pixel_at(image, x, y);
    std::memcpy(upper, pixel, Pair::size);
    std::memcpy(lower, pixel + image.stride, Pair::size);
  } else {
    const int left = inner(x, image.width, image.border_mode), right = inner(x + 1, image.width, image.border_mode);
    const int top = inner(y, image.height, image.border_mode), down = inner(y + 1, image.height, image.border_mode);
    Pair::store(pixel_at(image, left, top), pixel_at(image, right, top), upper);
    Pair::store(pixel_at(image, left, down), pixel_at(image, right, down), lower);
  }
}

/// Prefetches what a later row reads at the same position: in a curved warp one output row jumps between source rows,
/// which hardware prefetchers do not predict. Eight rows ahead gained most.
void fetch_ahead(const SampledImage &image, size_t offset) {
  const uintptr_t address = reinterpret_cast<uintptr_t>(image.pixels) + offset + 8 * image.stride;
  __builtin_prefetch(reinterpret_cast<const void *>(address));  // may lie outside the image: it does not fault
}

/// Gathers a group that lies inside the image, without bounds checks.
template <int channels>
void gather_freely(const SampledImage &image, const uint32_t *offset, uint8_t *upper, uint8_t *lower) {
  constexpr int size = PixelPair<channels>::size;
  fetch_ahead(image, offset[Neighbors::group / 2]);
  const uint8_t *const top = image.pixels, *const bottom = image.pixels + image.stride;
  for (int i = 0; i < Neighbors::group; ++i) {
    const size_t start = offset[i];
    std::memcpy(upper + size * i, top + start, size);
    std::memcpy(lower + size * i, bottom + start, size);
  }
}

template <int channels>
void gather_fill(const SampledImage &image, uint8_t *upper, uint8_t *lower) {
  constexpr int size = PixelPair<channels>::size;
  for (int i = 0; i < Neighbors::group; ++i) {
    std::memcpy(upper + size * i, image.fill, size);
    std::memcpy(lower + size * i, image.fill, size);
  }
}

template <int channels>
void gather_mixed(const SampledImage &image, const Places &places, int first, uint8_t *upper, uint8_t *lower) {
  constexpr int size = PixelPair<channels>::size;
  for (int i = 0; i < Neighbors::group; ++i) {
    const int x = shortened(places.x[first + i] >> image.shift), y = shortened(places.y[first + i] >> image.shift);
    gather_carefully<channels>(image, x, y, upper + size * i, lower + size * i);
  }
}

template <int channels>
void gather(const SampledImage &image, const Places &places, int count, Neighbors &neighbors) {
  constexpr int size = PixelPair<channels>::size;
  for (int first = 0; first < count; first += Neighbors::group) {
    uint8_t *upper = neighbors.upper + size * first, *lower = neighbors.lower + size * first;
    switch (neighbors.kinds[first / Neighbors::group]) {
      case Neighbors::held: gather_freely<channels>(image, neighbors.offset + first, upper, lower); break;
      case Neighbors::beyond: gather_fill<channels>(image, upper, lower); break;
      case Neighbors::mixed: gather_mixed<channels>(image, places, first, upper, lower); break;
    }
  }
}

/// Copies a group that lies inside the image, without bounds checks. RGB is copied four bytes at a time; the next pixel
/// overwrites the fourth.
template <int channels>
void copy_freely(const SampledImage &image, const uint32_t *offset, uint8_t *output) {
  constexpr int size = channels == 1 ? 1 : 4, last = Neighbors::group - 1;
  const uint8_t *const pixels = image.pixels;
  for (int i = 0; i < last; ++i) std::memcpy(output + channels * i, pixels + offset[i], size);
  std::memcpy(output + channels * last, pixels + offset[last], channels);
}

template <int channels>
void copy_carefully(const SampledImage &image, const Places &places, int i, uint8_t *output) {
  const int x = inner(shortened(places.x[i]), image.width, image.border_mode);
  const int y = inner(shortened(places.y[i]), image.height, image.border_mode);
  std::memcpy(output, pixel_at(image, x, y), channels);
}

template <int channels>
void copy(const SampledImage &image, const Places &places, int count, const Neighbors &neighbors, uint8_t *output) {
  for (int first = 0; first < count; first += Neighbors::group) {
    const int end = std::min(first + Neighbors::group, count);
    const auto kind = end - first < Neighbors::group ? Neighbors::mixed : neighbors.kinds[first / Neighbors::group];
    if (kind == Neighbors::held) {
      copy_freely<channels>(image, neighbors.offset + first, output + channels * first);
    } else {
      for (int i = first; i < end; ++i) {
        if (kind == Neighbors::beyond) {
          std::memcpy(output + channels * i, image.fill, channels);
        } else {
          copy_carefully<channels>(image, places, i, output + channels * i);
        }
      }
    }
  }
}

}  // namespace

void split_places(const Places &places, int count, int16_t *whole, uint16_t *fraction) {
  for (int i = 0; i < count; ++i) {
    const int x = places.x[i], y = places.y[i];
    whole[2 * i] = static_cast<int16_t>(shortened(x >> fraction_bits));
    whole[2 * i + 1] = static_cast<int16_t>(shortened(y >> fraction_bits));
    fraction[i] = static_cast<uint16_t>((y & 31) * 32 + (x & 31));
  }
}

void gather_neighbors(const SampledImage &image, const Places &places, int count, Neighbors &neighbors) {
  if (image.channels == 1) {
    gather<1>(image, places, count, neighbors);
  } else {
    gather<3>(image, places, count, neighbors);
  }
}

void copy_nearest(const SampledImage &image, const Places &places, int count, const Neighbors &neighbors,
                  uint8_t *output) {
  if (image.channels == 1) {
    copy<1>(image, places, count, neighbors, output);
  } else {
    copy<3>(image, places, count, neighbors, output);
  }
}

}  // namespace cimaging
