#ifndef CIMAGING_PAINT_HPP
#define CIMAGING_PAINT_HPP

#include <cstddef>
#include <cstdint>

#include "include/cimaging_cluster.h"

namespace cimaging {

/// The cluster of each colour of an image, and the colours of the clusters.
struct Paint {
  const uint16_t *blocks;   // of labels, of each cell
  const uint8_t *labels;    // by block and offset
  const uint32_t *palette;  // R | G << 8 | B << 16

  uint32_t color(size_t cell, size_t offset) const {
    return palette[labels[size_t{blocks[cell]} * CIMAGING_CELL_COLORS + offset]];
  }
};

}  // namespace cimaging

#endif
