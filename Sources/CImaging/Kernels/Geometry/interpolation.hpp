#ifndef CIMAGING_INTERPOLATION_HPP
#define CIMAGING_INTERPOLATION_HPP

#include <cstdint>

namespace cimaging::interpolation {

/// OpenCV's constants.
constexpr int32_t nearest = 0, linear = 1, cubic = 2, area = 3, lanczos = 4;

/// Columns or rows of the source for one of the result, as OpenCV computes it: the quotient may differ in the last bit.
inline double scale(int from, int to) { return 1 / (static_cast<double>(to) / from); }

}  // namespace cimaging::interpolation

#endif
