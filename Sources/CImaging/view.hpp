#ifndef CIMAGING_VIEW_HPP
#define CIMAGING_VIEW_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace cimaging {

/// Borrowed 8-bit interleaved pixels.
struct View {
  uint8_t *pixels;
  int width, height, channels;
  size_t stride;  // bytes from one row to the next

  uint8_t *row(int y) { return pixels + static_cast<size_t>(y) * stride; }
  const uint8_t *row(int y) const { return pixels + static_cast<size_t>(y) * stride; }

  /// Bytes of a row without the padding up to the next.
  size_t row_length() const { return static_cast<size_t>(width) * static_cast<size_t>(channels); }

  bool has_shape_of(const View &other) const {
    return width == other.width && height == other.height && channels == other.channels;
  }
};

/// Throws `std::invalid_argument` with `fault` unless `condition` holds.
inline void require(bool condition, const char *fault) {
  if (!condition) throw std::invalid_argument(fault);
}

inline void require_color(const View &image) { require(image.channels == 3, "the image has no three channels"); }

/// The column or row at `place`, reflected about the outermost pixels where it lies beyond the edge (OpenCV's
/// BORDER_REFLECT_101).
inline int reflected(int place, int length) {
  if (length == 1) return 0;
  while (place < 0 || place >= length) place = place < 0 ? -place : 2 * (length - 1) - place;
  return place;
}

/// Rounds half to even and clamps to 0 ... 255.
inline uint8_t nearest_byte(double value) {
  const long nearest = std::lrint(value);
  return static_cast<uint8_t>(nearest < 0 ? 0 : nearest > 255 ? 255 : nearest);
}

}  // namespace cimaging

#endif
