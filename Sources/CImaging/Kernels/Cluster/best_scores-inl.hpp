// The smallest scores of the colours of a cell; included once for each instruction set.

#include <cstdint>
#include <hwy/highway.h>

#include "Kernels/Cluster/cells.hpp"

#if defined(CIMAGING_BEST_SCORES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_BEST_SCORES_INL_HPP
#undef CIMAGING_BEST_SCORES_INL_HPP
#else
#define CIMAGING_BEST_SCORES_INL_HPP
#endif

#include "Kernels/Cluster/candidates-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The black corner of a cell.
HWY_INLINE Color corner_of(const cimaging_color_cell &cell) {
  return Color::all(cell_base(cell.number, 0), cell_base(cell.number, 1), cell_base(cell.number, 2));
}

HWY_INLINE ScoreVector load_offsets(const uint16_t *offsets) {
  const hn::Rebind<uint16_t, Scores> narrow;
  return hn::BitCast(Scores(), hn::PromoteTo(hn::RebindToUnsigned<Scores>(), hn::LoadU(narrow, offsets)));
}

/// A centroid, with its score for the corner of a cell.
struct Candidate {
  Centroids centroid;
  ScoreVector start;

  HWY_INLINE void set(const cimaging_clusters &clusters, uint32_t k, const Color &base) {
    centroid = Centroids::all(clusters, k);
    start = centroid.scores(hn::Set(Scores(), clusters.constant[k]), base);
  }

  HWY_INLINE ScoreVector scores(const Color &color) const { return centroid.scores(start, color); }
};

/// The smallest score of each colour of a cell, whose candidates are given. `scores` has room for whole vectors.
HWY_INLINE void best_scores(const cimaging_colors &colors, const cimaging_color_cell &cell, const Candidates &found,
                            const cimaging_clusters &clusters, int32_t *scores) {
  const Color corner = corner_of(cell);
  for (size_t i = 0; i < cell.count; i += score_lanes) {
    const Color color = Color::of(load_offsets(colors.offsets + cell.first + i));
    auto best = hn::Set(Scores(), INT32_MAX);
    for (uint32_t j = 0; j < found.count; ++j) {
      Candidate candidate;
      candidate.set(clusters, found.clusters[j], corner);
      best = hn::Min(best, candidate.scores(color));
    }
    hn::Store(best, Scores(), scores + i);
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
