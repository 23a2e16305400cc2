#ifndef CIMAGING_BLUR_H
#define CIMAGING_BLUR_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// Beyond the edge the image is reflected about its outermost pixels.

/// Filters rows and columns with the same `count` taps. OpenCV `sepFilter2D` with a kernel of doubles.
cimaging_status cimaging_filter_separable(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const double *taps, int32_t count, cimaging_message *message);

/// Blurs with a Gaussian of `size` taps, an odd number. OpenCV `GaussianBlur`.
cimaging_status cimaging_gaussian_blur(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t size,
                                       double sigma, cimaging_message *message);

/// Correlates with a square kernel of `size` rows. OpenCV `filter2D`.
cimaging_status cimaging_correlate(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const float *kernel, int32_t size, cimaging_message *message);

/// Adds `amount` times the difference from a Gaussian blur of `size` taps.
cimaging_status cimaging_unsharp(const cimaging_pixels *source, const cimaging_pixels *destination, double amount,
                                 int32_t size, double sigma, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
