#ifndef CIMAGING_HALVE_HPP
#define CIMAGING_HALVE_HPP

#include "view.hpp"

namespace cimaging {

/// Whether both sides of `output` are half those of `input`.
inline bool is_half(const View &output, const View &input) {
  return input.width == 2 * output.width && input.height == 2 * output.height;
}

/// Takes means of 2 × 2 pixels, for an output that is half as wide and half as high. OpenCV `resize`, linear or by
/// area.
void halve(const View &input, View &output);

}  // namespace cimaging

#endif
