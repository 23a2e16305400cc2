#ifndef CIMAGING_EQUALIZE_HPP
#define CIMAGING_EQUALIZE_HPP

#include <array>
#include <cstddef>
#include <cstdint>

namespace cimaging {

/// Tables of 256 of the four tiles around a pixel: upper left, upper right, lower left, lower right.
using CornerTables = std::array<const uint8_t *, 4>;

/// A run of pixels of a row that lie between the same four tiles.
struct TableRun {
  size_t first;
  size_t end;
  CornerTables corners;
  const uint32_t *joined;  // the same tables, for processors without registers for them
};

/// Joins the four levels of each entry, the first in the lowest byte.
void join(const CornerTables &corners, uint32_t (&joined)[256]);

/// Number of elements that may be read and written beyond the end of a run.
constexpr size_t equalize_padding = 64;

/// Maps the levels of a run through the four tables and interpolates bilinearly with the weights `right` (per pixel)
/// and `lower` (for the row), with the arithmetic of OpenCV's CLAHE.
void equalize(const uint8_t *levels, uint8_t *output, const TableRun &run, const float *right, float lower);

}  // namespace cimaging

#endif
