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

// Both loops take two pixels at a time. Neighbours often share a cell, whose number must be stored before it is loaded
// again: one wait for each pair takes half as long as one for each pixel.

void count_cells(const uint8_t *pixels, size_t count, int channels, uint32_t *counts) {
  Keys keys;
  for (size_t first = 0; first < count; first += key_lanes) {
    const size_t some = std::min(key_lanes, count - first);
    keys.set(pixels + first * static_cast<size_t>(channels), some, channels);
    size_t i = 0;
    for (; i + 2 <= some; i += 2) {
      const size_t a = keys.cells[i], b = keys.cells[i + 1];
      const uint32_t p = counts[a], q = counts[b] + (a == b);
      counts[a] = p + 1;
      counts[b] = q + 1;
    }
    if (i < some) ++counts[keys.cells[i]];
  }
}

void sort_by_cell(const uint8_t *pixels, size_t count, int channels, uint32_t *places, uint16_t *offsets) {
  Keys keys;
  for (size_t first = 0; first < count; first += key_lanes) {
    const size_t some = std::min(key_lanes, count - first);
    keys.set(pixels + first * static_cast<size_t>(channels), some, channels);
    size_t i = 0;
    for (; i + 2 <= some; i += 2) {
      const size_t a = keys.cells[i], b = keys.cells[i + 1];
      const uint32_t p = places[a], q = places[b] + (a == b);
      places[a] = p + 1;
      places[b] = q + 1;
      offsets[p] = keys.offsets[i];
      offsets[q] = keys.offsets[i + 1];
    }
    if (i < some) offsets[places[keys.cells[i]]++] = keys.offsets[i];
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

void cimaging_sort_by_cell(const uint8_t *pixels, size_t count, int32_t channels, uint32_t *places, uint16_t *offsets) {
  using namespace cimaging;
  HWY_DYNAMIC_DISPATCH(sort_by_cell)(pixels, count, channels, places, offsets);
}

#endif
