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

/// One of a cell's candidates. Its scores end with its place among them, not with that of its cluster: the order is the
/// same.
struct Candidate {
  Centroids centroid;
  ScoreVector start;  // the score of the cell's corner

  HWY_INLINE void set(const cimaging_clusters &clusters, const Candidates &found, uint32_t j, const Color &corner) {
    const uint32_t k = found.clusters[j];
    centroid = Centroids::all(clusters, k);
    const auto score = centroid.scores(hn::Set(Scores(), clusters.constant[k]), corner);
    start = hn::Add(hn::AndNot(hn::Set(Scores(), 255), score), hn::Set(Scores(), static_cast<int32_t>(j)));
  }

  HWY_INLINE ScoreVector scores(const Color &color) const { return centroid.scores(start, color); }
};

/// Any number of a cell's candidates.
class CellCandidates {
 public:
  HWY_INLINE CellCandidates(const cimaging_clusters &clusters, const Candidates &found, const cimaging_color_cell &cell)
      : clusters(clusters), found(found) {
    const Color corner = corner_of(cell);
    for (uint32_t j = 0; j < found.count; ++j) {
      Candidate candidate;
      candidate.set(clusters, found, j, corner);
      starts[j] = hn::GetLane(candidate.start);
    }
  }

  /// The scores of the nearest for some colours of the cell.
  HWY_INLINE ScoreVector smallest_scores(const Color &color) const {
    auto smallest = hn::Set(Scores(), INT32_MAX);
    for (uint32_t j = 0; j < found.count; ++j) {
      const auto centroid = Centroids::all(clusters, found.clusters[j]);
      smallest = hn::Min(smallest, centroid.scores(hn::Set(Scores(), starts[j]), color));
    }
    return smallest;
  }

 private:
  const cimaging_clusters &clusters;
  const Candidates &found;
  int32_t starts[CIMAGING_CLUSTER_LIMIT];
};

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
