#include "Kernels/Cluster/paint.hpp"

#include "include/cimaging_cluster.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Cluster/paint.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Cluster/cells-inl.hpp"

#include <algorithm>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {

/// Stores four bytes for each pixel but the last, whose neighbour may be another part's.
HWY_INLINE void paint_colors(const Keys &keys, size_t count, const Paint &paint, uint8_t *result) {
  for (size_t i = 0; i + 1 < count; ++i) {
    const uint32_t color = paint.color(keys.cells[i], keys.offsets[i]);
    memcpy(result + 3 * i, &color, 4);
  }
  const uint32_t color = paint.color(keys.cells[count - 1], keys.offsets[count - 1]);
  memcpy(result + 3 * (count - 1), &color, 3);
}

HWY_INLINE void paint_greys(const Keys &keys, size_t count, const Paint &paint, uint8_t *result) {
  for (size_t i = 0; i < count; ++i) result[i] = static_cast<uint8_t>(paint.color(keys.cells[i], keys.offsets[i]));
}

void paint(const uint8_t *pixels, size_t count, int channels, const Paint &paint, uint8_t *result) {
  Keys keys;
  for (size_t first = 0; first < count; first += key_lanes) {
    const size_t some = std::min(key_lanes, count - first), place = first * static_cast<size_t>(channels);
    keys.set(pixels + place, some, channels);
    if (channels == 3) {
      paint_colors(keys, some, paint, result + place);
    } else {
      paint_greys(keys, some, paint, result + place);
    }
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(paint);
}  // namespace cimaging

void cimaging_paint(const uint8_t *pixels, size_t count, int32_t channels, const cimaging_labels *labels,
                    const uint32_t *palette, uint8_t *result) {
  using namespace cimaging;
  HWY_DYNAMIC_DISPATCH(paint)(pixels, count, channels, {labels->blocks, labels->labels, palette}, result);
}

void cimaging_set_cluster_labels(const cimaging_labels *labels, int32_t count) {
  for (int32_t k = 0; k < count; ++k) {
    std::fill_n(labels->labels + k * CIMAGING_CELL_COLORS, size_t{CIMAGING_CELL_COLORS}, static_cast<uint8_t>(k));
  }
}

#endif
