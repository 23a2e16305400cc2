#ifndef CIMAGING_SHORT_GAUSSIAN_HPP
#define CIMAGING_SHORT_GAUSSIAN_HPP

#include <vector>

#include "view.hpp"

namespace cimaging {

/// Blurs rows and columns with 3, 5, 7 or 9 symmetric taps, which sum to 256. Returns false and does nothing for other
/// counts, or if a tap beside the middle is above 64.
bool blur_short(const View &input, View &output, const std::vector<int> &taps);

}  // namespace cimaging

#endif
