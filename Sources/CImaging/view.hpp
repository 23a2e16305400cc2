#ifndef CIMAGING_VIEW_HPP
#define CIMAGING_VIEW_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace cimaging {

/// 8-bit interleaved pixels that somebody else owns.
struct View {
  uint8_t *pixels;
  int width, height, channels;
  size_t stride;  // bytes from one row to the next

  uint8_t *row(int y) { return pixels + static_cast<size_t>(y) * stride; }
  const uint8_t *row(int y) const { return pixels + static_cast<size_t>(y) * stride; }

  /// Bytes of a row without what lies between it and the next.
  size_t row_length() const { return static_cast<size_t>(width) * static_cast<size_t>(channels); }

  bool has_shape_of(const View &other) const {
    return width == other.width && height == other.height && channels == other.channels;
  }
};

/// Throws where the caller asks for what a kernel does not do; `fault` says what is wrong.
inline void require(bool condition, const char *fault) {
  if (!condition) throw std::invalid_argument(fault);
}

inline void require_color(const View &image) { require(image.channels == 3, "the image has no three channels"); }

/// A column or row that stands in for one beyond the edge: the image is reflected about its outermost pixels.
inline int reflected(int place, int length) {
  if (length == 1) return 0;
  while (place < 0 || place >= length) place = place < 0 ? -place : 2 * (length - 1) - place;
  return place;
}

/// To the nearest whole number, of two the even one, and this to 0 ... 255.
inline uint8_t nearest_byte(double value) {
  const long nearest = std::lrint(value);
  return static_cast<uint8_t>(nearest < 0 ? 0 : nearest > 255 ? 255 : nearest);
}

}  // namespace cimaging

#endif
