#ifndef CIMAGING_GRAY_HPP
#define CIMAGING_GRAY_HPP

#include <cstddef>
#include <cstdint>

#include "include/cimaging_color.h"

namespace cimaging {

/// Converts `count` pixels from RGB. Not for CIMAGING_GRAY_LIGHTNESS, which has a kernel of its own.
void gray_from_rgb(const uint8_t *rgb, uint8_t *gray, size_t count, cimaging_gray_method method);

/// Repeats each level as R, G and B.
void rgb_from_gray(const uint8_t *gray, uint8_t *rgb, size_t count);

}  // namespace cimaging

#endif
