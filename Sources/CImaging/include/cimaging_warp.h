#ifndef CIMAGING_WARP_H
#define CIMAGING_WARP_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// Warps: out(x, y) = in(map(x, y)).

/// How values between pixels and beyond the edge are found; the numbers are OpenCV's.
typedef struct cimaging_resampling {
  int32_t interpolation;
  int32_t border_mode;
  double fill[3];
} cimaging_resampling;

/// Samples column columns[x] and row rows[y].
cimaging_status cimaging_warp_separable(const cimaging_pixels *source, const cimaging_pixels *destination,
                                        const float *columns, const float *rows,
                                        const cimaging_resampling *resampling, cimaging_message *message);

/// Radial distortion of strength k.
typedef struct cimaging_lens {
  double k;
  int32_t is_fisheye;
} cimaging_lens;

/// Samples the image through a lens.
cimaging_status cimaging_warp_lens(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_lens *lens, const cimaging_resampling *resampling,
                                   cimaging_message *message);

/// The coordinates that row y of an image of width × height samples through a lens.
void cimaging_lens_row(const cimaging_lens *lens, int32_t width, int32_t height, int32_t y, float *map_x, float *map_y);

/// The matrix that takes four points (x, y) to four others. OpenCV `getPerspectiveTransform`.
cimaging_status cimaging_perspective_matrix(const float *from, const float *to, double *matrix,
                                            cimaging_message *message);

/// Warps by a matrix from source to destination, as OpenCV's `warpPerspective`, with `remap`.
cimaging_status cimaging_warp_perspective(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const double *matrix, const cimaging_resampling *resampling,
                                          cimaging_message *message);

/// Warps by a matrix of two rows of three from source to destination. OpenCV `warpAffine`.
cimaging_status cimaging_warp_affine(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const double *matrix, const cimaging_resampling *resampling,
                                     cimaging_message *message);

/// A random field of displacements: noise, blurred and scaled.
typedef struct cimaging_elastic {
  uint64_t seed;
  double alpha;
  double sigma;
  int32_t is_approximate;  // 17 taps instead of the whole Gaussian
  int32_t is_same;         // one field for both axes
  int32_t is_uniform;      // noise in -1 ... 1 rather than normal and divided by its largest
} cimaging_elastic;

/// Samples the image at its coordinates plus the displacements.
cimaging_status cimaging_warp_elastic(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const cimaging_elastic *elastic, const cimaging_resampling *resampling,
                                      cimaging_message *message);

/// Samples the image at its coordinates plus displacements that are given, a value per pixel, row by row.
cimaging_status cimaging_warp_fields(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const float *dx, const float *dy, const cimaging_resampling *resampling,
                                     cimaging_message *message);

/// The displacements of an image of width × height, row by row, in pixels.
cimaging_status cimaging_elastic_field(const cimaging_elastic *elastic, int32_t width, int32_t height, float *dx,
                                       float *dy, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
