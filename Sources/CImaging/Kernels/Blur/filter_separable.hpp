#ifndef CIMAGING_SEPARABLE_HPP
#define CIMAGING_SEPARABLE_HPP

#include <vector>

#include "view.hpp"

namespace cimaging {

/// Weights of the source and of the filtered image.
struct Mixture {
  double source, filtered;
};

/// Filters rows and columns with the same odd number of symmetric taps, as OpenCV does with floats, and mixes the
/// result with the source before rounding.
void filter_mixed(const View &input, View &output, const std::vector<float> &taps, const Mixture &mixture);

}  // namespace cimaging

#endif
