#ifndef CCLIPPER_H
#define CCLIPPER_H

#include <stdint.h>

/// Clips polygons to a rectangle by Clipper (Vatti's algorithm on whole numbers).
///
/// Labels hold polygons that cross and touch themselves, where clipping edge by edge leaves seams along the rectangle
/// and no area can be summed. Clipper decides on whole numbers, so it is exact for any input, and small; GEOS refuses
/// polygons that cross themselves, and is two megabytes.

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cclipper_status {
  CCLIPPER_OK = 0,
  CCLIPPER_OUT_OF_MEMORY = 1,
  CCLIPPER_TOO_LARGE = 2,  // a coordinate is beyond CCLIPPER_LIMIT, or not a number
  CCLIPPER_FAILED = 3,
} cclipper_status;

/// The largest magnitude of a coordinate, in pixels. Results are multiples of 2^-20 of a pixel.
enum { CCLIPPER_LIMIT = 1 << 30 };

/// Closed lines without the repeated last corner; what an odd number of them encloses belongs to the shape.
typedef struct cclipper_polygons {
  const double *coordinates;     // x and y of each corner, line after line
  const int32_t *corner_counts;  // of each line
  int32_t line_count;
} cclipper_polygons;

typedef struct cclipper_rectangle {
  double left, top, right, bottom;
} cclipper_rectangle;

/// Owned by the caller, who frees it with `cclipper_free`. Its lines neither cross nor overlap.
typedef struct cclipper_result {
  double *coordinates;
  int32_t *corner_counts;
  int32_t line_count;
  double area;        // of the part within the rectangle, in square pixels
  double whole_area;  // of the shape before clipping
} cclipper_result;

/// The part of `polygons` within `rectangle`. On failure the result is empty.
cclipper_status cclipper_clip(const cclipper_polygons *polygons, const cclipper_rectangle *rectangle,
                              cclipper_result *result);

void cclipper_free(cclipper_result *result);

#ifdef __cplusplus
}
#endif
#endif
