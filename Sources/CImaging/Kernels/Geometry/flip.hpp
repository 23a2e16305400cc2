#ifndef CIMAGING_FLIP_HPP
#define CIMAGING_FLIP_HPP

#include "view.hpp"

namespace cimaging {

/// Mirrors each row; if `is_rotated`, also reverses the order of the rows, which rotates by 180 degrees.
void mirror(const View &input, View &output, bool is_rotated);

}  // namespace cimaging

#endif
