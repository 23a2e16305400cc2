#ifndef CIMAGING_CORRELATE_HPP
#define CIMAGING_CORRELATE_HPP

#include <vector>

#include "view.hpp"

namespace cimaging {

/// A non-zero cell of a kernel: its row, its offset from the first value of that row, and its weight.
struct Cell {
  int row, distance;
  float weight;
};

/// The non-zero cells of a square kernel, in row-major order.
struct Cells {
  std::vector<Cell> cells;
  int size;
};

/// The mean of the pixels under the cells, if all weights are equal; otherwise returns false and does nothing. So it
/// does if `is_ordered`, which says that OpenCV sums cell after cell, and the order decides at a tie.
bool correlate_mean(const View &input, View &output, const Cells &kernel, bool is_ordered);

/// Correlates by the sums of the pixels under equal weights, rounded to the nearest byte. For kernels of up to some
/// hundred cells whose lower half mirrors the upper; returns false and does nothing for others.
bool correlate_sums(const View &input, View &output, const Cells &kernel);

}  // namespace cimaging

#endif
