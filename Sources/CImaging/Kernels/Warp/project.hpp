#ifndef CIMAGING_PROJECT_HPP
#define CIMAGING_PROJECT_HPP

#include "Kernels/Warp/places.hpp"

namespace cimaging {

/// The source places of `count` pixels of row `row` from column `first` on, in units of 1 / `scale` pixel. `inverse` is
/// the 3 × 3 matrix from destination to source.
void project(const double *inverse, int scale, int row, int first, int count, Places &places);

}  // namespace cimaging

#endif
