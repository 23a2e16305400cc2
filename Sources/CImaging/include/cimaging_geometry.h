#ifndef CIMAGING_GEOMETRY_H
#define CIMAGING_GEOMETRY_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Flips: code 1 left to right, 0 top to bottom. OpenCV `flip`.
cimaging_status cimaging_flip(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t code,
                              cimaging_message *message);

/// Rotates counter-clockwise by `quarters` × 90 degrees, 0 ... 3. OpenCV `rotate`.
cimaging_status cimaging_rotate90(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t quarters,
                                  cimaging_message *message);

/// Transposes; with `is_transverse` about the antidiagonal. OpenCV `transpose`.
cimaging_status cimaging_transpose(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   int32_t is_transverse, cimaging_message *message);

/// Scales the source to the size of the destination. `interpolation` is OpenCV's constant. OpenCV `resize`.
cimaging_status cimaging_resize(const cimaging_pixels *source, const cimaging_pixels *destination,
                                int32_t interpolation, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
