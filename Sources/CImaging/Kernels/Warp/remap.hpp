#ifndef CIMAGING_REMAP_HPP
#define CIMAGING_REMAP_HPP

#include "include/cimaging_warp.h"
#include "Kernels/Warp/neighbors.hpp"
#include "view.hpp"

namespace cimaging {

/// Fills the first `count` places with coordinates × `scale`, rounded half to even, as OpenCV's `remap` does. Reads the
/// maps up to a multiple of 16.
void round_places(const float *map_x, const float *map_y, int count, float scale, Places &places);

/// OpenCV's `remap` of 8-bit images with nearest or bilinear interpolation: the same bytes in less time.
class Remap {
 public:
  /// Whether this class can sample the image; otherwise use OpenCV.
  static bool takes(const View &input, const cimaging_resampling &resampling);

  Remap(const View &input, const cimaging_resampling &resampling);

  /// Writes the `count` sampled pixels to `output`.
  void sample(const Places &places, int count, uint8_t *output);

 private:
  SampledImage image;
  Neighbors neighbors;
};

}  // namespace cimaging

#endif
