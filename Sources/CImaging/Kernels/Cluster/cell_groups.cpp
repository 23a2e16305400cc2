#include "Kernels/Cluster/cell_groups.hpp"

#include <algorithm>

namespace cimaging {
namespace {

/// Two 16-bit numbers, multiplied by 256.
int32_t pair(int first, int second) {
  return static_cast<int32_t>(static_cast<uint32_t>(second * 256) << 16 |
                              (static_cast<uint32_t>(first * 256) & 0xFFFF));
}

void set_cell(cimaging_cell_group &group, uint32_t i, const cimaging_color_cell &cell) {
  int middle[3], low[3], span[3];
  for (int channel = 0; channel < 3; ++channel) {
    middle[channel] = (cell.low[channel] + cell.high[channel]) / 2 - 128;
    low[channel] = cell.low[channel] - 128;
    span[channel] = cell.high[channel] - cell.low[channel];
  }
  group.middle_red_green[i] = pair(middle[0], middle[1]);
  group.middle_blue[i] = pair(middle[2], 0);
  group.low_red_green[i] = pair(low[0], low[1]);
  group.low_blue[i] = pair(low[2], 0);
  group.span_red_green[i] = pair(span[0], span[1]);
  group.span_blue[i] = pair(span[2], 0);
}

}  // namespace

void set_group(cimaging_cell_group &group, const cimaging_color_cell *cells, uint32_t count) {
  for (uint32_t i = 0; i < CIMAGING_GROUP_CELLS; ++i) set_cell(group, i, cells[std::min(i, count - 1)]);
  for (int channel = 0; channel < 3; ++channel) {
    group.low[channel] = 255;
    group.high[channel] = 0;
    for (uint32_t i = 0; i < count; ++i) {
      group.low[channel] = std::min(group.low[channel], cells[i].low[channel]);
      group.high[channel] = std::max(group.high[channel], cells[i].high[channel]);
    }
  }
}

}  // namespace cimaging
