#ifndef CIMAGING_INTERPOLATION_HPP
#define CIMAGING_INTERPOLATION_HPP

#include <cstdint>

/// OpenCV's constants.
namespace cimaging::interpolation {

constexpr int32_t nearest = 0, linear = 1, cubic = 2, area = 3, lanczos = 4;

}  // namespace cimaging::interpolation

#endif
