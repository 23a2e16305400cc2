#include "include/cimaging_cluster.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Cluster/assign_colors.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Cluster/sums-inl.hpp"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Adds each colour by itself to the sums of the cluster that the last eight bits of its score name.
HWY_INLINE void add_each(const cimaging_colors &colors, const cimaging_color_cell &cell, const int32_t *scores,
                         cimaging_cluster_sums *sums, size_t sums_stride) {
  const uint64_t red = cell.number >> 10 << 3, green = (cell.number >> 5 & 31) << 3, blue = (cell.number & 31) << 3;
  for (uint32_t i = 0; i < cell.count; ++i) {
    const uint64_t weight = colors.weights[cell.first + i], offset = colors.offsets[cell.first + i];
    cimaging_cluster_sums &sum = sums[static_cast<size_t>(scores[i] & 255) * sums_stride];
    sum.count += weight;
    sum.sums[0] += weight * (red + (offset >> 6));
    sum.sums[1] += weight * (green + (offset >> 3 & 7));
    sum.sums[2] += weight * (blue + (offset & 7));
  }
}

/// Assigns the colours of one cell after the other.
struct Assignment {
  const cimaging_colors &colors;
  const cimaging_clusters &clusters;
  cimaging_cluster_sums *sums;
  size_t sums_stride;
  uint8_t *labels;  // NULL if only sums are wanted

  HWY_INLINE void assign(size_t rank, const Candidates &found, int32_t *scores) const {
    const cimaging_color_cell &cell = colors.cells[rank];
    if (found.count == 1) return assign_whole(rank, found.clusters[0]);
    if (labels == nullptr) {
      if (found.count == 2) return share<2>(colors, cell, found, clusters, sums, sums_stride);
      if (found.count == 3) return share<3>(colors, cell, found, clusters, sums, sums_stride);
      if (found.count == 4) return share<4>(colors, cell, found, clusters, sums, sums_stride);
    }
    best_scores(colors, cell, found, clusters, scores);
    add_each(colors, cell, scores, sums, sums_stride);
    if (labels != nullptr) label_each(rank, scores);
  }

 private:
  HWY_INLINE void assign_whole(size_t rank, uint32_t cluster) const {
    const cimaging_color_cell &cell = colors.cells[rank];
    CellSums::whole(cell).add_to(sums[cluster * sums_stride], cell.number);
    if (labels != nullptr) std::fill_n(labels + rank * CIMAGING_CELL_COLORS, size_t{CIMAGING_CELL_COLORS}, cluster);
  }

  HWY_INLINE void label_each(size_t rank, const int32_t *scores) const {
    const cimaging_color_cell &cell = colors.cells[rank];
    uint8_t *cell_labels = labels + rank * CIMAGING_CELL_COLORS;
    for (uint32_t i = 0; i < cell.count; ++i) {
      cell_labels[colors.offsets[cell.first + i]] = static_cast<uint8_t>(scores[i]);
    }
  }
};

void assign_colors(const cimaging_colors &colors, const cimaging_cell_runs &runs, const cimaging_clusters &clusters,
                   cimaging_cluster_sums *sums, size_t sums_stride, uint8_t *labels) {
  const Assignment assignment = {colors, clusters, sums, sums_stride, labels};
  const size_t padded_count = padded(clusters.count);
  Candidates found;
  HWY_ALIGN int32_t scores[CIMAGING_CELL_COLORS];
  for (size_t first = runs.first; first < runs.end; first += runs.stride) {
    const size_t end = std::min<size_t>(first + runs.run_length, runs.end);
    for (size_t rank = first; rank < end; ++rank) {
      found.find(clusters, padded_count, colors.cells[rank]);
      assignment.assign(rank, found, scores);
    }
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(assign_colors);
}  // namespace cimaging

void cimaging_assign_colors(const cimaging_colors *colors, const cimaging_cell_runs *runs,
                            const cimaging_clusters *clusters, cimaging_cluster_sums *sums, size_t sums_stride,
                            uint8_t *labels) {
  using namespace cimaging;
  HWY_DYNAMIC_DISPATCH(assign_colors)(*colors, *runs, *clusters, sums, sums_stride, labels);
}

#endif
