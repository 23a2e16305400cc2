// OpenCV's drawing of lines and polygons, whose choice of pixels is its own.

#ifndef CIMAGING_DRAWING_HPP
#define CIMAGING_DRAWING_HPP

#include <cstddef>
#include <cstdint>

#include "view.hpp"

namespace cimaging::opencv {

/// `fillPoly` with one closed polygon: sets its pixels to `level`. `corners` holds x and y of each.
void fill_polygon(View &plane, const int32_t *corners, int count, uint8_t level);

/// `polylines` with LINE_4: sets the pixels of `count` lines to `level`. `ends` holds x and y of both ends of each.
void draw_lines(View &plane, const int32_t *ends, size_t count, int thickness, uint8_t level);

/// `line` of an RGB image with LINE_8. `ends` holds x and y of both.
void draw_line(View &image, const int32_t *ends, int thickness, const uint8_t *color);

}  // namespace cimaging::opencv

#endif
