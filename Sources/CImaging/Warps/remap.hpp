#ifndef CIMAGING_REMAP_HPP
#define CIMAGING_REMAP_HPP

#include <opencv2/imgproc.hpp>

#include "include/cimaging_transforms.h"
#include "Warps/neighbors.hpp"

namespace cimaging {

/// Fills the first `count` places with coordinates times `scale`, rounded to the nearest, ties to even, as OpenCV's
/// `remap` does. Reads the maps up to a multiple of 16.
void round_places(const float *map_x, const float *map_y, int count, float scale, Places &places);

/// OpenCV's `remap` of 8-bit images to the nearest pixel or linearly between four: the same bytes, in less time.
class Remap {
 public:
  /// Whether the image can be sampled thus; else OpenCV is to do it.
  static bool takes(const cv::Mat &input, const cimaging_resampling &resampling);

  Remap(const cv::Mat &input, const cimaging_resampling &resampling);

  /// Fills `count` pixels from `output` on with what lies at the places.
  void sample(const Places &places, int count, uint8_t *output);

 private:
  Scene scene;
  Neighbors neighbors;
};

}  // namespace cimaging

#endif
