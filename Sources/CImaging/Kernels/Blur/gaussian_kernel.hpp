#ifndef CIMAGING_GAUSSIAN_KERNEL_HPP
#define CIMAGING_GAUSSIAN_KERNEL_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cimaging {

/// Two neighbouring taps of a row: their offset from the first value, and both taps packed as bytes.
struct RowTerm {
  size_t distance;
  uint16_t taps;
};

/// Taps with which row pair number `pair` contributes to the upper and the lower of two output rows, packed as 16-bit
/// halves.
struct ColumnTerm {
  size_t pair;
  int32_t upper, lower;
};

/// A Gaussian with OpenCV's integer taps for 8-bit images, which sum to 256. Zero taps are omitted.
struct GaussianKernel {
  int radius;
  std::vector<RowTerm> row;
  std::vector<ColumnTerm> column;
};

/// `count` is odd; pixels of a row are `step` values apart.
GaussianKernel gaussian_kernel(int count, double sigma, size_t step);

}  // namespace cimaging

#endif
