#ifndef CIMAGING_ZOOM_HPP
#define CIMAGING_ZOOM_HPP

#include <algorithm>
#include <cmath>

namespace cimaging {

/// Where a pixel lies between two others.
struct Place {
  int before, after;
  float fraction;
};

/// The columns or rows of the middle of an image, enlarged to its size: where each comes from, as OpenCV's `resize`
/// places them for linear interpolation.
class ZoomedSide {
 public:
  ZoomedSide(int length, double factor) : part(static_cast<int>(std::ceil(length / factor))) {
    // Albumentations cuts the product, and fails where rounding leaves it below the length.
    const int enlarged = std::max(length, static_cast<int>(part * factor));
    first = (length - part) / 2;
    margin = (enlarged - length) / 2;
    scale = 1 / (static_cast<double>(enlarged) / part);
  }

  Place operator[](int i) const {
    const float place = static_cast<float>((i + margin + 0.5) * scale - 0.5);
    const int whole = static_cast<int>(std::floor(place));
    if (whole < 0) return {first, first, 0};
    if (whole + 1 >= part) return {first + part - 1, first + part - 1, 0};
    return {first + whole, first + whole + 1, place - static_cast<float>(whole)};
  }

 private:
  int part, first, margin;
  double scale;
};

}  // namespace cimaging

#endif
