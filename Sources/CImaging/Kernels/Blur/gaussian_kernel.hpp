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

/// A Gaussian with integer taps, which sum to 256. Zero taps are omitted.
struct GaussianKernel {
  int radius;
  std::vector<RowTerm> row;
  std::vector<ColumnTerm> column;
};

/// OpenCV's integer taps for 8-bit images, which sum to 256; `count` is odd.
std::vector<int> gaussian_taps(int count, double sigma);

/// Pixels of a row are `step` values apart.
GaussianKernel gaussian_kernel(const std::vector<int> &taps, size_t step);

}  // namespace cimaging

#endif
