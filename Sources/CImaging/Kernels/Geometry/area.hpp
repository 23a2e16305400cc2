#ifndef CIMAGING_AREA_HPP
#define CIMAGING_AREA_HPP

#include "view.hpp"

namespace cimaging {

/// Takes means of the areas that pixels of an image that is nowhere larger cover, in floating point. OpenCV `resize` by
/// area.
void shrink_by_area(const View &input, View &output);

}  // namespace cimaging

#endif
