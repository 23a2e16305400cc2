#ifndef CIMAGING_LAB_HPP
#define CIMAGING_LAB_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// `count` pixels from RGB to 8-bit Lab, and L once more by itself; the bytes are those of OpenCV's RGB2Lab.
void lab_from_rgb(const uint8_t *rgb, uint8_t *lab, uint8_t *lightness, size_t count);

}  // namespace cimaging

#endif
