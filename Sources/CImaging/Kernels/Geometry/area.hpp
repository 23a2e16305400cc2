#ifndef CIMAGING_AREA_HPP
#define CIMAGING_AREA_HPP

#include "view.hpp"

namespace cimaging {

/// Whether `output` is smaller, or as large along one side, and not by whole factors along both.
bool shrinks_by_fractions(const View &input, const View &output);

/// Takes means of the areas that pixels of a smaller image cover, in floating point. OpenCV `resize` by area.
void shrink_by_area(const View &input, View &output);

}  // namespace cimaging

#endif
