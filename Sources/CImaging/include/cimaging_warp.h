#ifndef CIMAGING_WARP_H
#define CIMAGING_WARP_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// Warps by inverse mapping: out(x, y) = in(map(x, y)).

/// Interpolation and border mode, as OpenCV's constants; `fill` per channel for a constant border.
typedef struct cimaging_resampling {
  int32_t interpolation;
  int32_t border_mode;
  double fill[3];
} cimaging_resampling;

/// Samples the source at (columns[x], rows[y]).
cimaging_status cimaging_warp_separable(const cimaging_pixels *source, const cimaging_pixels *destination,
                                        const float *columns, const float *rows, const cimaging_resampling *resampling,
                                        cimaging_message *message);

/// Radial distortion; k is its strength.
typedef struct cimaging_lens {
  double k;
  int32_t is_fisheye;
} cimaging_lens;

/// Applies a lens distortion.
cimaging_status cimaging_warp_lens(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_lens *lens, const cimaging_resampling *resampling,
                                   cimaging_message *message);

/// Radial distortion about the middle of the image, 1 + second r² + fourth r⁴, with r as a share of width and height.
typedef struct cimaging_radial {
  float second;
  float fourth;
} cimaging_radial;

/// Applies a radial distortion.
cimaging_status cimaging_warp_radial(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const cimaging_radial *radial, const cimaging_resampling *resampling,
                                     cimaging_message *message);

/// The source coordinates of row y of a width × height image through a lens.
void cimaging_lens_row(const cimaging_lens *lens, int32_t width, int32_t height, int32_t y, float *map_x, float *map_y);

/// The 3 × 3 matrix that maps four points (x, y) to four others. OpenCV `getPerspectiveTransform`.
cimaging_status cimaging_perspective_matrix(const float *from, const float *to, double *matrix,
                                            cimaging_message *message);

/// Warps by a 3 × 3 matrix from source to destination. OpenCV `warpPerspective`, sampled with `remap`.
cimaging_status cimaging_warp_perspective(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const double *matrix, const cimaging_resampling *resampling,
                                          cimaging_message *message);

/// Warps by a 2 × 3 matrix from source to destination. OpenCV `warpAffine`.
cimaging_status cimaging_warp_affine(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const double *matrix, const cimaging_resampling *resampling,
                                     cimaging_message *message);

/// Points that say where an image is sampled about them.
typedef struct cimaging_controls {
  int32_t count;
  const float *x, *y;  // in pixels; of a spline relative to the size of the image
  /// Where each is sampled, in pixels; of a spline the weights of its kernel.
  const float *to_x, *to_y;
  const float *affine;  // six numbers of a spline; NULL: means weighted by inverse squares of distances
} cimaging_controls;

/// Samples each pixel where the controls say.
cimaging_status cimaging_warp_controls(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const cimaging_controls *controls, const cimaging_resampling *resampling,
                                       cimaging_message *message);

/// The source coordinates of all pixels, in row-major order.
cimaging_status cimaging_controls_map(const cimaging_controls *controls, int32_t width, int32_t height, float *map_x,
                                      float *map_y, cimaging_message *message);

/// Turns the places to which a spline moves its controls into weights and the six numbers of its affine part: for x and
/// y the constant, then the factors of x and of y. OpenCV `solve`.
cimaging_status cimaging_spline(const double *x, const double *y, int32_t count, double *to_x, double *to_y,
                                double *affine, cimaging_message *message);

/// Quadrilaterals of the destination, each with its own perspective. Later ones cover earlier ones.
typedef struct cimaging_cells {
  int32_t count;           // below 65535
  const int32_t *corners;  // x and y of four each, in pixels
  const double *matrices;  // 3 × 3 each, from source to destination
} cimaging_cells;

/// Samples each pixel through the matrix of its cell; those without one lie beyond the edge. OpenCV `fillConvexPoly`
/// and `warpPerspective`.
cimaging_status cimaging_warp_cells(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const cimaging_cells *cells, const cimaging_resampling *resampling,
                                    cimaging_message *message);

/// The number of each pixel's cell, from 1, or 0, in row-major order.
cimaging_status cimaging_cell_owners(const cimaging_cells *cells, int32_t width, int32_t height, uint16_t *owners,
                                     cimaging_message *message);

/// A random displacement field: noise, blurred and scaled.
typedef struct cimaging_elastic {
  uint64_t seed;
  double alpha;
  double sigma;
  int32_t is_approximate;  // 17 taps instead of the full Gaussian
  int32_t shares_axes;     // one field for both axes
  int32_t is_uniform;      // noise uniform in -1 ... 1, not normal divided by its largest magnitude
} cimaging_elastic;

/// The field of one image shape, computed once to warp several planes by it and to map points.
typedef struct cimaging_elastic_plan cimaging_elastic_plan;

/// `*plan` becomes a plan to release, or NULL on failure.
cimaging_status cimaging_elastic_prepare(const cimaging_elastic *elastic, int32_t width, int32_t height,
                                         cimaging_elastic_plan **plan, cimaging_message *message);
void cimaging_elastic_release(cimaging_elastic_plan *plan);

/// Samples each pixel at its own coordinates plus the displacement. Images have the plan's shape.
cimaging_status cimaging_warp_elastic(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const cimaging_elastic_plan *plan, const cimaging_resampling *resampling,
                                      cimaging_message *message);

/// The same with given displacements, one value per pixel in row-major order.
cimaging_status cimaging_warp_fields(const cimaging_pixels *source, const cimaging_pixels *destination, const float *dx,
                                     const float *dy, const cimaging_resampling *resampling, cimaging_message *message);

/// The displacements in pixels, in row-major order.
cimaging_status cimaging_elastic_field(const cimaging_elastic_plan *plan, float *dx, float *dy,
                                       cimaging_message *message);

/// Whether the field is kept on a coarse grid, so that its value at a point costs no more than a few products.
int32_t cimaging_elastic_is_coarse(const cimaging_elastic_plan *plan);

/// A displacement in pixels, and how it changes per column and per row.
typedef struct cimaging_shift {
  double x, y;
  double x_per_column, y_per_column;
  double x_per_row, y_per_row;
} cimaging_shift;

/// The displacement at a point of the image, between 0 and the last column and row. Only for coarse plans.
cimaging_shift cimaging_elastic_shift(const cimaging_elastic_plan *plan, double x, double y);

#ifdef __cplusplus
}
#endif
#endif
