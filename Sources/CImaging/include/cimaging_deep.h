#ifndef CIMAGING_DEEP_H
#define CIMAGING_DEEP_H

#include "cimaging_warp.h"

#ifdef __cplusplus
extern "C" {
#endif

// Images with 16 bits to a sample, where pixels of the result lie between those of the source.

/// Two planes of one shape: the high and the low bytes of samples.
typedef struct cimaging_deep {
  cimaging_pixels high;
  cimaging_pixels low;
} cimaging_deep;

/// Scales the source to the size of the destination. `interpolation` is OpenCV's constant. OpenCV `resize`.
cimaging_status cimaging_deep_resize(const cimaging_deep *source, const cimaging_deep *destination,
                                     int32_t interpolation, cimaging_message *message);

/// Warps by a 3 × 3 matrix from source to destination. A fill of 255 is the largest sample. OpenCV `warpAffine` if the
/// last row is 0, 0, 1, else `warpPerspective`.
cimaging_status cimaging_deep_warp(const cimaging_deep *source, const cimaging_deep *destination, const double *matrix,
                                   const cimaging_resampling *resampling, cimaging_message *message);

/// Samples each pixel at its place, one of each coordinate per pixel in row-major order. OpenCV `remap`.
cimaging_status cimaging_deep_remap(const cimaging_deep *source, const cimaging_deep *destination, const float *map_x,
                                    const float *map_y, const cimaging_resampling *resampling,
                                    cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
