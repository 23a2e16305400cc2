#include "Kernels/Cluster/cells.hpp"
#include "Kernels/Cluster/clusters.hpp"
#include "include/cimaging_cluster.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Cluster/measure_colors.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Cluster/best_scores-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

namespace {

/// The square of a cell's colour less 128, in units of 1/64: what scores lack to be distances.
HWY_INLINE int32_t square(const cimaging_color_cell &cell, uint32_t offset) {
  int32_t sum = 0;
  for (int channel = 0; channel < 3; ++channel) {
    const int level = cell_base(cell.number, channel) + offset_level(offset, channel) - 128;
    sum += level * level;
  }
  return 64 * sum;
}

}  // namespace

/// Measures the colours of one cell after the other.
struct Measurement {
  const cimaging_colors &colors;
  const cimaging_clusters &clusters;
  uint32_t *distances;

  HWY_INLINE void whole(size_t rank, uint32_t cluster) const {
    Candidates found;
    found.add(cluster);
    divide(rank, found);
  }

  HWY_INLINE void divide(size_t rank, const Candidates &found) const {
    const cimaging_color_cell &cell = colors.cells[rank];
    const CellCandidates candidates(clusters, found, cell);
    HWY_ALIGN int32_t scores[CIMAGING_CELL_COLORS];
    for (size_t i = 0; i < cell.count; i += score_lanes) {
      const Color color = Color::of(load_offsets(colors.offsets + cell.first + i));
      hn::Store(candidates.smallest_scores(color), Scores(), scores + i);
    }
    for (uint32_t i = 0; i < cell.count; ++i) {
      const int32_t score = (scores[i] >> 8) + (score_bias >> 8);
      distances[cell.first + i] = static_cast<uint32_t>(score + square(cell, colors.offsets[cell.first + i]));
    }
  }
};

void measure_colors(const cimaging_colors &colors, const cimaging_share &share, const cimaging_clusters &clusters,
                    uint32_t *distances) {
  visit_cells(colors, share, clusters, Measurement{colors, clusters, distances});
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(measure_colors);
}  // namespace cimaging

void cimaging_measure_colors(const cimaging_colors *colors, const cimaging_share *share,
                             const cimaging_clusters *clusters, uint32_t *distances) {
  using namespace cimaging;
  HWY_DYNAMIC_DISPATCH(measure_colors)(*colors, *share, *clusters, distances);
}

#endif
