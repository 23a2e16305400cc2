#ifndef CIMAGING_CELLS_HPP
#define CIMAGING_CELLS_HPP

#include <cstdint>

namespace cimaging {

/// The smallest level of a channel in a cell.
constexpr int cell_base(unsigned number, int channel) {
  return static_cast<int>(number >> (10 - 5 * channel) & 31) << 3;
}

/// How far a colour's level lies above it.
constexpr int offset_level(unsigned offset, int channel) { return static_cast<int>(offset >> (6 - 3 * channel) & 7); }

}  // namespace cimaging

#endif
