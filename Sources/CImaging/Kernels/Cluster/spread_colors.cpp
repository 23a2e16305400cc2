#include "Kernels/Cluster/cells.hpp"

#include <algorithm>

#include "include/cimaging_cluster.h"

namespace {

/// The square of the shortest way from a colour to the box of a cell's colours.
uint32_t distance_to_box(const cimaging_color_cell &cell, const uint8_t *color) {
  uint32_t sum = 0;
  for (int channel = 0; channel < 3; ++channel) {
    const int level = color[channel];
    const int way = level - std::clamp<int>(level, cell.low[channel], cell.high[channel]);
    sum += static_cast<uint32_t>(way * way);
  }
  return sum;
}

struct Spread {
  const cimaging_colors &colors;
  const uint8_t *color;
  bool is_first;
  uint32_t *distances;

  uint32_t distance(const cimaging_color_cell &cell, uint32_t index) const {
    uint32_t sum = 0;
    for (int channel = 0; channel < 3; ++channel) {
      const int level =
          cimaging::cell_base(cell.number, channel) + cimaging::offset_level(colors.offsets[index], channel);
      const int way = level - color[channel];
      sum += static_cast<uint32_t>(way * way);
    }
    return is_first ? sum : std::min(sum, distances[index]);
  }

  void measure(const cimaging_color_cell &cell, cimaging_cell_spread &result) const {
    cimaging_cell_spread spread = {0, 0};
    for (uint32_t i = cell.first; i < cell.first + cell.count; ++i) {
      const uint32_t shortest = distance(cell, i);
      distances[i] = shortest;
      spread.sum += uint64_t{shortest} * colors.weights[i];
      spread.largest = std::max(spread.largest, shortest);
    }
    result.sum = spread.sum;
    // Last, because it decides whether the cell is measured when a part is done again.
    __atomic_store_n(&result.largest, spread.largest, __ATOMIC_RELEASE);
  }
};

}  // namespace

void cimaging_spread_colors(const cimaging_colors *colors, const cimaging_share *share, const uint8_t *color,
                            int32_t is_first, uint32_t *distances, cimaging_cell_spread *spreads) {
  const Spread spread = {*colors, color, is_first != 0, distances};
  const size_t step = size_t{share->part_count} * CIMAGING_GROUP_CELLS;
  for (size_t first = size_t{share->part} * CIMAGING_GROUP_CELLS; first < colors->cell_count; first += step) {
    const size_t end = std::min<size_t>(first + CIMAGING_GROUP_CELLS, colors->cell_count);
    for (size_t rank = first; rank < end; ++rank) {
      const cimaging_color_cell &cell = colors->cells[rank];
      // A colour that is no nearer to the cell's box than any of its colours to another one changes nothing.
      if (is_first != 0 || distance_to_box(cell, color) < spreads[rank].largest) spread.measure(cell, spreads[rank]);
    }
  }
}
