#ifndef CIMAGING_REMAP_HPP
#define CIMAGING_REMAP_HPP


#include "include/cimaging_warp.h"
#include "Kernels/Warp/neighbors.hpp"
#include "view.hpp"

namespace cimaging {

/// Fills the first `count` places with coordinates times `scale`, rounded to the nearest, ties to even, as OpenCV's
/// `remap` does. Reads the maps up to a multiple of 16.
void round_places(const float *map_x, const float *map_y, int count, float scale, Places &places);

/// OpenCV's `remap` of 8-bit images to the nearest pixel or linearly between four: the same bytes, in less time.
class Remap {
 public:
  /// Whether the image can be sampled thus; else OpenCV is to do it.
  static bool takes(const View &input, const cimaging_resampling &resampling);

  Remap(const View &input, const cimaging_resampling &resampling);

  /// Fills `count` pixels from `output` on with what lies at the places.
  void sample(const Places &places, int count, uint8_t *output);

 private:
  SampledImage image;
  Neighbors neighbors;
};

}  // namespace cimaging

#endif
