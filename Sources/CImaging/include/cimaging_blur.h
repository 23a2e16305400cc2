#ifndef CIMAGING_BLUR_H
#define CIMAGING_BLUR_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// Borders are BORDER_REFLECT_101 unless said otherwise: the image is reflected about its outermost pixels, which are
// not repeated.

/// Filters rows and columns with the same `count` taps. OpenCV `sepFilter2D` with a double kernel.
cimaging_status cimaging_filter_separable(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const double *taps, int32_t count, cimaging_message *message);

/// Blurs with a Gaussian of `size` taps; `size` is odd. OpenCV `GaussianBlur`.
cimaging_status cimaging_gaussian_blur(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t size,
                                       double sigma, cimaging_message *message);

/// Correlates with a `size` × `size` kernel in row-major order. OpenCV `filter2D`.
cimaging_status cimaging_correlate(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const float *kernel, int32_t size, cimaging_message *message);

/// The mean of `size` × `size` pixels; `size` is odd. OpenCV `blur`.
cimaging_status cimaging_box_blur(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t size,
                                  cimaging_message *message);

/// The median of `size` × `size` pixels; `size` is odd. The outermost pixels are repeated beyond the edge. OpenCV
/// `medianBlur`.
cimaging_status cimaging_median(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t size,
                                cimaging_message *message);

/// Unsharp mask: adds `amount` times the difference from a Gaussian blur of `size` taps; `size` is odd.
cimaging_status cimaging_unsharp(const cimaging_pixels *source, const cimaging_pixels *destination, double amount,
                                 int32_t size, double sigma, cimaging_message *message);

typedef struct cimaging_mask_settings {
  int32_t size;       // taps of the blur, odd
  int32_t threshold;  // least difference in levels
  double sigma;       // 0 derives it from the size
  double alpha;       // share of the difference to add
} cimaging_mask_settings;

/// Unsharp mask that adds differences above a threshold, with soft edges between both.
cimaging_status cimaging_unsharp_mask(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const cimaging_mask_settings *settings, cimaging_message *message);

/// The mean of the image and of its middle enlarged by `count` factors of 1 or more.
cimaging_status cimaging_zoom_blur(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const double *factors, int32_t count, cimaging_message *message);

typedef struct cimaging_glass {
  uint64_t seed;       // of the moves; each depends only on it, the iteration and the place
  int32_t reach;       // the farthest move in pixels, 1 ... 90; at most half of the image
  int32_t iterations;  // of the moves of all pixels
  int32_t is_exact;    // whether one pixel moves after the other
} cimaging_glass;

/// Exchanges each pixel with one nearby.
cimaging_status cimaging_shatter(const cimaging_pixels *source, const cimaging_pixels *destination,
                                 const cimaging_glass *glass, cimaging_message *message);

/// The same by given moves: for each pixel, in the order of Albumentations, those of all iterations, down and right.
cimaging_status cimaging_shatter_by(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const cimaging_glass *glass, const int32_t *moves, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
