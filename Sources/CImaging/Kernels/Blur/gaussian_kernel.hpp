#ifndef CIMAGING_GAUSSIAN_KERNEL_HPP
#define CIMAGING_GAUSSIAN_KERNEL_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cimaging {

/// Two neighbouring taps of a row: how far from the first value, and both as bytes of a number.
struct RowTerm {
  size_t distance;
  uint16_t taps;
};

/// What two neighbouring rows, `pair` of those about the result, add to two rows of it: taps as halves of numbers.
struct ColumnTerm {
  size_t pair;
  int32_t upper, lower;
};

/// A Gaussian of whole numbers that add up to 256, as OpenCV has it for 8 bits; taps that are zero are left out.
struct GaussianKernel {
  int radius;
  std::vector<RowTerm> row;
  std::vector<ColumnTerm> column;
};

/// Of an odd number of taps, for rows whose pixels are `step` values apart.
GaussianKernel gaussian_kernel(int count, double sigma, size_t step);

}  // namespace cimaging

#endif
