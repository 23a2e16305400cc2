#include "include/cimaging_cluster.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Cluster/sort_by_cell.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Cluster/cells-inl.hpp"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {

void count_cells(const uint8_t *pixels, size_t count, int channels, uint32_t *counts) {
  Keys keys;
  for (size_t first = 0; first < count; first += key_lanes) {
    const size_t some = std::min(key_lanes, count - first);
    keys.set(pixels + first * static_cast<size_t>(channels), some, channels);
    for (size_t i = 0; i < some; ++i) ++counts[keys.cells[i]];
  }
}

void sort_by_cell(const uint8_t *pixels, size_t count, int channels, uint32_t *places, uint16_t *offsets) {
  Keys keys;
  for (size_t first = 0; first < count; first += key_lanes) {
    const size_t some = std::min(key_lanes, count - first);
    keys.set(pixels + first * static_cast<size_t>(channels), some, channels);
    for (size_t i = 0; i < some; ++i) offsets[places[keys.cells[i]]++] = keys.offsets[i];
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(count_cells);
HWY_EXPORT(sort_by_cell);
}  // namespace cimaging

void cimaging_count_cells(const uint8_t *pixels, size_t count, int32_t channels, uint32_t *counts) {
  using namespace cimaging;
  HWY_DYNAMIC_DISPATCH(count_cells)(pixels, count, channels, counts);
}

uint32_t cimaging_place_cells(const uint32_t *counts, uint32_t part_count, uint32_t *starts, uint32_t *places,
                              uint16_t *ranks) {
  uint32_t place = 0, rank = 0;
  for (size_t cell = 0; cell < CIMAGING_CELL_COUNT; ++cell) {
    starts[cell] = place;
    ranks[cell] = static_cast<uint16_t>(rank);
    for (size_t i = cell; i < size_t{part_count} * CIMAGING_CELL_COUNT; i += CIMAGING_CELL_COUNT) {
      places[i] = place;
      place += counts[i];
    }
    rank += place != starts[cell];
  }
  starts[CIMAGING_CELL_COUNT] = place;
  return rank;
}

void cimaging_sort_by_cell(const uint8_t *pixels, size_t count, int32_t channels, uint32_t *places, uint16_t *offsets) {
  using namespace cimaging;
  HWY_DYNAMIC_DISPATCH(sort_by_cell)(pixels, count, channels, places, offsets);
}

#endif
