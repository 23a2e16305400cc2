#ifndef CIMAGING_LAB_HPP
#define CIMAGING_LAB_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// A row of 8-bit Lab, one plane per channel.
struct LabRow {
  uint8_t *lightness;
  uint8_t *a;
  uint8_t *b;
};

/// Converts `count` pixels from RGB; same bytes as OpenCV's RGB2Lab.
void lab_from_rgb(const uint8_t *rgb, const LabRow &lab, size_t count);

/// Converts `count` pixels to RGB; same bytes as OpenCV's Lab2RGB.
void rgb_from_lab(const LabRow &lab, uint8_t *rgb, size_t count);

}  // namespace cimaging

#endif
