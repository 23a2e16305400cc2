#ifndef CIMAGING_EQUALIZE_HPP
#define CIMAGING_EQUALIZE_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// A run of pixels of a row that lie between the same four tables of 256.
struct TableRun {
  size_t first;
  size_t end;
  const uint8_t *tables[4];  // upper left, upper right, lower left, lower right
};

/// Number of elements that may be read and written beyond the end of a run.
constexpr size_t equalize_padding = 64;

/// Maps the levels of a run through the four tables and interpolates bilinearly with the weights `right` (per pixel)
/// and `lower` (for the row), with the arithmetic of OpenCV's CLAHE.
void equalize(const uint8_t *levels, uint8_t *output, const TableRun &run, const float *right, float lower);

}  // namespace cimaging

#endif
