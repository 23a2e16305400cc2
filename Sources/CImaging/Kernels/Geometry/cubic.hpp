#ifndef CIMAGING_CUBIC_HPP
#define CIMAGING_CUBIC_HPP

#include "view.hpp"

namespace cimaging {

/// Resizes by cubic interpolation of four columns and four rows, in floating point. OpenCV `resize` as Intel's IPP does
/// it in the Python package; its own code has weights of 11 bits.
void resize_cubic(const View &input, View &output);

}  // namespace cimaging

#endif
