#ifndef CIMAGING_LENS_HPP
#define CIMAGING_LENS_HPP

#include <vector>

#include "include/cimaging_transforms.h"

namespace cimaging {

/// The coordinates that an image is sampled at through a lens, row by row.
class Lens {
 public:
  Lens(const cimaging_lens &lens, int width, int height);

  /// Coordinates of row y; both have room for a multiple of 16.
  void row(int y, float *map_x, float *map_y) const;

  /// A place at distance r from the center lies (1 + (fourth r² + second) r²) times as far from it in the source.
  /// Distances are in pixels divided by the size.
  struct Model {
    double fourth, second;
    double width, height;
    double middle_x, middle_y;  // the center in the destination
    double center_x, center_y;  // and in the source
  };

 private:
  Model model;
  std::vector<double> columns;  // distance of each from the center
};

}  // namespace cimaging

#endif
