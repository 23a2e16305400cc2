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

/// Assigns the colours of one cell after the other.
struct Assignment {
  const cimaging_colors &colors;
  const cimaging_clusters &clusters;
  cimaging_cluster_sums *sums;
  size_t sums_stride;
  const cimaging_labels *labels;  // NULL if only sums are wanted

  HWY_INLINE void whole(size_t rank, uint32_t cluster) const {
    const cimaging_color_cell &cell = colors.cells[rank];
    add(CellSums::whole(cell), cell, cluster);
    if (labels != nullptr) labels->blocks[cell.number] = static_cast<uint16_t>(cluster);
  }

  HWY_INLINE void divide(size_t rank, const Candidates &found) const {
    const cimaging_color_cell &cell = colors.cells[rank];
    if (labels != nullptr) {
      const size_t block = CIMAGING_CLUSTER_LIMIT + rank;
      labels->blocks[cell.number] = static_cast<uint16_t>(block);
      return divide_among_many(cell, found, labels->labels + block * CIMAGING_CELL_COLORS);
    }
    switch (found.count) {
      case 2: return divide_among_few<2>(cell, found);
      case 3: return divide_among_few<3>(cell, found);
      case 4: return divide_among_few<4>(cell, found);
      case 5: return divide_among_few<5>(cell, found);
      case 6: return divide_among_few<6>(cell, found);
      default: return divide_among_many(cell, found, nullptr);
    }
  }

 private:
  HWY_INLINE void add(const CellSums &cell_sums, const cimaging_color_cell &cell, uint32_t cluster) const {
    cell_sums.add_to(sums[cluster * sums_stride], cell.number);
  }

  HWY_INLINE ColorRun run(const cimaging_color_cell &cell, size_t i) const {
    return {colors.offsets + cell.first + i, colors.weights + cell.first + i, cell.count - i};
  }

  /// With all sums in registers; those of the last candidate are what the others leave.
  template <int count>
  HWY_INLINE void divide_among_few(const cimaging_color_cell &cell, const Candidates &found) const {
    const Color corner = corner_of(cell);
    Candidate candidates[count];
    for (uint32_t j = 0; j < count; ++j) candidates[j].set(clusters, found, j, corner);
    LaneSums shares[count - 1];
    for (size_t i = 0; i < cell.count; i += score_lanes) {
      const ColorRun run = this->run(cell, i);
      const Color color = run.color();
      ScoreVector scores[count];
      for (int j = 0; j < count; ++j) scores[j] = candidates[j].scores(color);
      auto smallest = scores[0];
      for (int j = 1; j < count; ++j) smallest = hn::Min(smallest, scores[j]);
      for (int j = 0; j < count - 1; ++j) shares[j].add(run, hn::Eq(scores[j], smallest));
    }
    auto rest = CellSums::whole(cell);
    for (int j = 0; j < count - 1; ++j) {
      const CellSums share = shares[j].total();
      rest.subtract(share);
      add(share, cell, found.clusters[j]);
    }
    add(rest, cell, found.clusters[count - 1]);
  }

  /// Writes the labels of the cell's colours, too, unless `cell_labels` is NULL.
  HWY_INLINE void divide_among_many(const cimaging_color_cell &cell, const Candidates &found,
                                    uint8_t *cell_labels) const {
    const CellCandidates candidates(clusters, found, cell);
    RowSums shares(found.count);
    HWY_ALIGN int32_t nearest[score_lanes];
    for (size_t i = 0; i < cell.count; i += score_lanes) {
      const ColorRun run = this->run(cell, i);
      hn::Store(hn::And(candidates.smallest_scores(run.color()), hn::Set(Scores(), 255)), Scores(), nearest);
      shares.add(run, nearest);
      if (cell_labels == nullptr) continue;
      const uint16_t *offsets = colors.offsets + cell.first + i;
      for (size_t lane = 0; lane < std::min<size_t>(score_lanes, cell.count - i); ++lane) {
        cell_labels[offsets[lane]] = static_cast<uint8_t>(found.clusters[nearest[lane]]);
      }
    }
    for (uint32_t j = 0; j < found.count; ++j) add(shares[j], cell, found.clusters[j]);
  }
};

void assign_colors(const cimaging_colors &colors, const cimaging_share &share, const cimaging_clusters &clusters,
                   cimaging_cluster_sums *sums, size_t sums_stride, const cimaging_labels *labels) {
  visit_cells(colors, share, clusters, Assignment{colors, clusters, sums, sums_stride, labels});
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(assign_colors);
}  // namespace cimaging

void cimaging_assign_colors(const cimaging_colors *colors, const cimaging_share *share,
                            const cimaging_clusters *clusters, cimaging_cluster_sums *sums, size_t sums_stride,
                            const cimaging_labels *labels) {
  using namespace cimaging;
  HWY_DYNAMIC_DISPATCH(assign_colors)(*colors, *share, *clusters, sums, sums_stride, labels);
}

#endif
