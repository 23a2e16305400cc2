#include "Kernels/Cluster/cells.hpp"

#include <algorithm>

#include "include/cimaging_cluster.h"

namespace {

/// Writes each offset once, in the order of first occurrence, and counts the pixels of each in `counts`. Without a
/// branch: whether a colour occurs again cannot be predicted.
uint32_t distinct(const uint16_t *pixels, uint32_t pixel_count, uint16_t *offsets, uint32_t *counts) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < pixel_count; ++i) {
    const uint16_t offset = pixels[i];
    offsets[count] = offset;
    count += counts[offset]++ == 0;
  }
  return count;
}

/// Sums and limits of the colours of a cell.
class CellSummary {
 public:
  explicit CellSummary(unsigned number) {
    for (int channel = 0; channel < 3; ++channel) base[channel] = cimaging::cell_base(number, channel);
  }

  void add(unsigned offset, uint32_t weight) {
    uint32_t square = 0;
    for (int channel = 0; channel < 3; ++channel) {
      const int level = cimaging::offset_level(offset, channel), whole = base[channel] + level;
      sums[channel] += weight * static_cast<uint32_t>(level);
      lows[channel] = std::min(lows[channel], level);
      highs[channel] = std::max(highs[channel], level);
      square += static_cast<uint32_t>(whole * whole);
    }
    squares += uint64_t{weight} * square;
  }

  void write(cimaging_color_cell &cell) const {
    cell.squares = squares;
    for (int channel = 0; channel < 3; ++channel) {
      cell.sums[channel] = sums[channel];
      cell.low[channel] = static_cast<uint8_t>(base[channel] + lows[channel]);
      cell.high[channel] = static_cast<uint8_t>(base[channel] + highs[channel]);
    }
  }

 private:
  int base[3], lows[3] = {7, 7, 7}, highs[3] = {0, 0, 0};
  uint32_t sums[3] = {0, 0, 0};
  uint64_t squares = 0;
};

}  // namespace

void cimaging_collect_colors(const cimaging_sorted_pixels *pixels, uint32_t first, uint32_t end,
                             cimaging_color_cell *cells, uint16_t *offsets, uint32_t *weights) {
  uint32_t counts[CIMAGING_CELL_COLORS] = {};  // all 0 between cells
  uint32_t place = pixels->starts[first];
  for (uint32_t number = first; number < end; ++number) {
    const uint32_t start = pixels->starts[number], pixel_count = pixels->starts[number + 1] - start;
    if (pixel_count == 0) continue;
    const uint32_t count = distinct(pixels->offsets + start, pixel_count, offsets + place, counts);
    CellSummary summary(number);
    for (uint32_t i = place; i < place + count; ++i) {
      weights[i] = counts[offsets[i]];
      counts[offsets[i]] = 0;
      summary.add(offsets[i], weights[i]);
    }
    cimaging_color_cell &cell = cells[pixels->ranks[number]];
    cell.first = place;
    cell.count = count;
    cell.pixel_count = pixel_count;
    cell.number = static_cast<uint16_t>(number);
    summary.write(cell);
    place += count;
  }
}
