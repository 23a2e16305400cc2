#ifndef CIMAGING_TRANSFORMS_H
#define CIMAGING_TRANSFORMS_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// Geometry without resampling.

/// Mirrors: code 1 left to right, 0 top to bottom. OpenCV `flip`.
cimaging_status cimaging_flip(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t code,
                              cimaging_message *message);

/// Turns counter-clockwise by 0 ... 3 quarters. OpenCV `rotate`.
cimaging_status cimaging_rotate90(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t quarters,
                                  cimaging_message *message);

/// Rows become columns; with `is_transverse` about the other diagonal. OpenCV `transpose`.
cimaging_status cimaging_transpose(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   int32_t is_transverse, cimaging_message *message);

// Colour.

/// Sends every byte through one table of 256.
cimaging_status cimaging_lookup(const cimaging_pixels *source, const cimaging_pixels *destination,
                                const uint8_t *table, cimaging_message *message);

/// The mean of all bytes, over pixels and channels.
cimaging_status cimaging_mean(const cimaging_pixels *source, double *mean, cimaging_message *message);

/// Sends hue (0 ... 179), saturation and value of an RGB image through a table of 256 each.
cimaging_status cimaging_lookup_hsv(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const uint8_t *hue, const uint8_t *saturation, const uint8_t *value,
                                    cimaging_message *message);

/// Contrast-limited adaptive histogram equalisation, of L in Lab for RGB. OpenCV `CLAHE`.
cimaging_status cimaging_clahe(const cimaging_pixels *source, const cimaging_pixels *destination, double clip_limit,
                               int32_t columns, int32_t rows, cimaging_message *message);

/// Channel i of an RGB destination is channel order[i] of the source.
cimaging_status cimaging_shuffle(const cimaging_pixels *source, const cimaging_pixels *destination,
                                 const int32_t *order, cimaging_message *message);

// Filters; beyond the edge the image is reflected about its outermost pixels.

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

// Sensor noise; RGB only.

/// Brightens each pixel by its events and turns its hue. The fields have a value per pixel, row by row.
cimaging_status cimaging_apply_noise(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const int32_t *events, const float *hue, double intensity,
                                     cimaging_message *message);

/// Noise drawn from `seed` and a pixel's index: numbers of events are Poisson of mean intensity × the standard deviation of
/// the lightness, turns of the hue in degrees normal of deviation color_shift × intensity. Pixels that stay as they are
/// draw no turn.
cimaging_status cimaging_iso_noise(const cimaging_pixels *source, const cimaging_pixels *destination, uint64_t seed,
                                   double color_shift, double intensity, cimaging_message *message);

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
