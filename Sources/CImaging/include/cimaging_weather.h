#ifndef CIMAGING_WEATHER_H
#define CIMAGING_WEATHER_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Maps the bytes inside a closed polygon of `count` corners (x and y of each) through a table of 256; where it crosses
/// itself, those within an odd number of turns. OpenCV `fillPoly`.
cimaging_status cimaging_shade_polygon(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const int32_t *corners, int32_t count, const uint8_t *table,
                                       cimaging_message *message);

/// Maps the bytes inside each of `count` discs (x, y, radius) through a table of 256, once for each disc that covers
/// them. The table may not darken. OpenCV `circle`, filled.
cimaging_status cimaging_cover_with_discs(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const int32_t *discs, size_t count, const uint8_t *table,
                                          cimaging_message *message);

typedef struct cimaging_rain {
  const int32_t *ends;  // x and y of both ends of each drop
  size_t count;
  int32_t thickness;  // of a drop in pixels
  int32_t blur;       // side of the box that blurs the drops, 1 ... 255
  uint8_t color[3];
  const uint8_t *wet;  // a table of 256 for everything, drops included
} cimaging_rain;

/// Adds blurred drops to an RGB image and maps all through a table. OpenCV `polylines` and `blur`.
cimaging_status cimaging_add_rain(const cimaging_pixels *source, const cimaging_pixels *destination,
                                  const cimaging_rain *rain, cimaging_message *message);

/// Columns left ..< right and rows top ..< bottom, and the lightness that they get.
typedef struct cimaging_lightness_patch {
  int32_t left, top, right, bottom;
  uint8_t lightness;
} cimaging_lightness_patch;

/// Maps the lightness of an RGB image in 8-bit HLS through a table of 256, or sets it in each of `count` patches, of
/// which the last one counts. OpenCV `cvtColor` between RGB and HLS.
cimaging_status cimaging_lookup_lightness(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const uint8_t *table, const cimaging_lightness_patch *patches, size_t count,
                                          cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
