#ifndef CIMAGING_LANCZOS_HPP
#define CIMAGING_LANCZOS_HPP

#include "view.hpp"

namespace cimaging {

/// Resizes by Lanczos interpolation of eight columns and eight rows, with weights of 11 bits. OpenCV `resize`.
void resize_lanczos(const View &input, View &output);

}  // namespace cimaging

#endif
