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

/// Takes for each pixel of the destination that of a column and a row of the source, or `fill` where either is −1:
/// crops and borders. OpenCV `copyMakeBorder`.
cimaging_status cimaging_window(const cimaging_pixels *source, const cimaging_pixels *destination,
                                const int32_t *columns, const int32_t *rows, const uint8_t *fill,
                                cimaging_message *message);

/// Scales the source to the size of the destination. `interpolation` is OpenCV's constant. OpenCV `resize`.
cimaging_status cimaging_resize(const cimaging_pixels *source, const cimaging_pixels *destination,
                                int32_t interpolation, cimaging_message *message);

/// Each pixel becomes the largest (dilation) or the least (erosion) of those under an ellipse. OpenCV `dilate` and
/// `erode`.
cimaging_status cimaging_morph(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t width,
                               int32_t height, int32_t is_dilation, cimaging_message *message);

/// The filters of Pillow's `resize`; when shrinking, each is as wide as the factor.
typedef enum cimaging_filter {
  CIMAGING_FILTER_AREA = 0,     // Pillow's BOX
  CIMAGING_FILTER_LINEAR = 1,   // BILINEAR
  CIMAGING_FILTER_LANCZOS = 2,  // three lobes
} cimaging_filter;

/// A filter, and the part of the source that fills the destination; pixels around it count as far as the filter
/// reaches.
typedef struct cimaging_resample_options {
  int32_t filter;     // a cimaging_filter
  int32_t is_linear;  // in the light that sRGB stands for, not in its bytes
  double x;
  double y;
  double width;
  double height;
} cimaging_resample_options;

/// Resamples part of the source to the size of the destination, rows first.
///
/// Pillow's `resize` of the width and then of the height differs by one level in a few values per thousand, because its
/// taps have more bits, and by two in a few per million where lanczos enlarges noise. There is no linear light there.
cimaging_status cimaging_resample(const cimaging_pixels *source, const cimaging_pixels *destination,
                                  const cimaging_resample_options *options, cimaging_message *message);

/// The same for an image with an alpha plane, which weights the colours.
cimaging_status cimaging_resample_weighted(const cimaging_pixels *source, const cimaging_pixels *alpha,
                                           const cimaging_pixels *destination, const cimaging_pixels *destination_alpha,
                                           const cimaging_resample_options *options, cimaging_message *message);

typedef struct cimaging_downscaling {
  double scale;       // share of each side that is left between both steps, above 0 and at most 1
  int32_t shrinking;  // OpenCV's constant of an interpolation
  int32_t enlarging;
} cimaging_downscaling;

/// Shrinks and enlarges again. OpenCV `resize`, first by the factor, then to the size.
cimaging_status cimaging_downscale(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_downscaling *downscaling, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
