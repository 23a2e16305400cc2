#ifndef CIMAGING_LINEAR_HPP
#define CIMAGING_LINEAR_HPP

#include "view.hpp"

namespace cimaging {

/// What the two columns or rows for one of the result are weighted by.
enum class Weighting {
  distances,  // of their middles
  areas,      // what it covers of each, where that is not more than two; otherwise only the first counts
};

/// Resizes by linear interpolation of two columns and two rows, with weights of 11 bits. OpenCV `resize`, linear or,
/// when enlarging, by area.
void resize_linear(const View &input, View &output, Weighting weighting);

}  // namespace cimaging

#endif
