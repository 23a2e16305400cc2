#include "include/cimaging_cluster.h"

namespace {

/// The number of the cell at a place of the Z-curve, whose bits are those of R, G and B in turn.
uint32_t number_at(uint32_t place) {
  uint32_t number = 0;
  for (int bit = 0; bit < 5; ++bit) {
    for (int channel = 0; channel < 3; ++channel) {
      number |= (place >> (3 * bit + channel) & 1) << (5 * channel + bit);
    }
  }
  return number;
}

/// Passes all cells along the Z-curve, and counts.
struct Placement {
  const uint32_t *counts;
  uint32_t part_count;
  uint32_t *places;
  uint32_t place = 0;

  /// - Returns: whether a cell has pixels.
  bool pass(uint32_t number) {
    const uint32_t start = place;
    for (uint32_t part = 0; part < part_count; ++part) {
      const size_t i = size_t{part} * CIMAGING_CELL_COUNT + number;
      places[i] = place;
      place += counts[i];
    }
    return place != start;
  }
};

}  // namespace

uint32_t cimaging_place_cells(const uint32_t *counts, uint32_t part_count, uint32_t *places, uint32_t *starts,
                              cimaging_color_cell *cells) {
  constexpr uint32_t few = 64;  // consecutive places, whose numbers differ in low bits only
  uint32_t low_bits[few], rank = 0;
  for (uint32_t i = 0; i < few; ++i) low_bits[i] = number_at(i);
  Placement placement = {counts, part_count, places};
  for (uint32_t first = 0; first < CIMAGING_CELL_COUNT; first += few) {
    const uint32_t high_bits = number_at(first);
    for (const uint32_t bits : low_bits) {
      const uint32_t number = high_bits | bits, start = placement.place;
      if (!placement.pass(number)) continue;
      cells[rank].number = static_cast<uint16_t>(number);
      starts[rank++] = start;
    }
  }
  starts[rank] = placement.place;
  return rank;
}
