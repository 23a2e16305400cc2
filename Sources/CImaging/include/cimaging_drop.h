#ifndef CIMAGING_DROP_H
#define CIMAGING_DROP_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A rectangle of pixels that are overwritten with a colour; a grey image takes the first of its levels.
typedef struct cimaging_hole {
  int32_t x, y, width, height;
  uint8_t color[3];
} cimaging_hole;

/// Copies the image and fills one hole after the other, as far as they lie in it. Grey and colour.
cimaging_status cimaging_fill_holes(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const cimaging_hole *holes, size_t count, cimaging_message *message);

/// The same with random bytes, which depend on seed and place only.
cimaging_status cimaging_fill_holes_randomly(const cimaging_pixels *source, const cimaging_pixels *destination,
                                             const cimaging_hole *holes, size_t count, uint64_t seed,
                                             cimaging_message *message);

/// Whether OpenCV's photo library is installed; loads it.
int32_t cimaging_can_inpaint(void);

/// Copies the image and carries inward what lies around the holes, with a radius of 3: OpenCV's `inpaint` with its
/// method 0 (Navier-Stokes) or 1 (Telea). Grey and colour.
cimaging_status cimaging_inpaint_holes(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const cimaging_hole *holes, size_t count, int32_t method,
                                       cimaging_message *message);

/// Which pixels, or values, are overwritten with which levels.
typedef struct cimaging_pixel_drop {
  uint64_t seed;
  uint32_t limit;          // those whose 32 random bits are at most this
  int32_t is_per_channel;  // each value on its own rather than whole pixels
  uint8_t levels[3];
} cimaging_pixel_drop;

/// Overwrites random pixels or values. Grey and colour.
cimaging_status cimaging_drop_pixels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const cimaging_pixel_drop *drop, cimaging_message *message);

/// Overwrites each value whose mark, in row-major order, is not 0 with the level of its channel.
cimaging_status cimaging_drop_marked(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const uint8_t *marks, const uint8_t levels[3], cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
