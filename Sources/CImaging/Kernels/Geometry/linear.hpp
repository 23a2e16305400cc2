#ifndef CIMAGING_LINEAR_HPP
#define CIMAGING_LINEAR_HPP

#include "view.hpp"

namespace cimaging {

/// Resizes by linear interpolation of two columns and two rows, with weights of 11 bits. OpenCV `resize`.
void resize_linear(const View &input, View &output);

}  // namespace cimaging

#endif
