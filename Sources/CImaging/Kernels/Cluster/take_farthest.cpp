#include "Kernels/Cluster/cells.hpp"
#include "include/cimaging_cluster.h"

int32_t cimaging_take_farthest(const cimaging_colors *colors, uint32_t *distances, uint8_t *color) {
  uint32_t largest = 0, farthest = 0, number = 0;
  for (uint32_t rank = 0; rank < colors->cell_count; ++rank) {
    const cimaging_color_cell &cell = colors->cells[rank];
    for (uint32_t i = cell.first; i < cell.first + cell.count; ++i) {
      if (distances[i] <= largest) continue;
      largest = distances[i];
      farthest = i;
      number = cell.number;
    }
  }
  if (largest == 0) return 0;
  for (int channel = 0; channel < 3; ++channel) {
    const int level = cimaging::cell_base(number, channel) + cimaging::offset_level(colors->offsets[farthest], channel);
    color[channel] = static_cast<uint8_t>(level);
  }
  distances[farthest] = 0;
  return 1;
}
