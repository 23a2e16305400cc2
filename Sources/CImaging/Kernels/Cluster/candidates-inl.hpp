// Which centroids are nearest to some colour of a cell; included once for each instruction set.

#include <cstdint>
#include <cstring>
#include <hwy/highway.h>

#if defined(CIMAGING_CANDIDATES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_CANDIDATES_INL_HPP
#undef CIMAGING_CANDIDATES_INL_HPP
#else
#define CIMAGING_CANDIDATES_INL_HPP
#endif

#include "Kernels/Cluster/scores-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The bits of a mask, the first lane's lowest.
HWY_INLINE uint32_t bits_of(hn::Mask<Scores> mask) {
  uint8_t bytes[8] = {};
  hn::StoreMaskBits(Scores(), mask, bytes);
  uint32_t bits;
  memcpy(&bits, bytes, sizeof bits);
  return bits;
}

/// The lowest bit's place.
HWY_INLINE uint32_t first_bit(uint32_t bits) { return static_cast<uint32_t>(__builtin_ctz(bits)); }

/// The centroids that may be nearest to a colour in a box (Kanungo et al., An efficient k-means clustering algorithm,
/// 2002), in order. One is left out if another, that which is nearest to the middle, is nearer to the whole box. As
/// scores are linear, their difference is smallest in a corner, and no rounding is involved.
struct Candidates {
  uint32_t count = 0;
  uint32_t clusters[CIMAGING_CLUSTER_LIMIT];

  HWY_INLINE void add(uint32_t cluster) { clusters[count++] = cluster; }

  /// Those of a whole group's box, out of all. Compares quarters of scores, rounded down: in a box as large as the
  /// colour cube, the scores themselves could fall by more than 32 bits hold. A candidate too many does no harm.
  HWY_INLINE void find(const cimaging_clusters &all, size_t padded_count, const cimaging_cell_group &group) {
    const uint8_t *low = group.low, *high = group.high;
    const auto middle = Color::all((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2);
    const uint32_t best = nearest(all, padded_count, middle);
    const auto rival = Centroids::all(all, best);
    const auto corner = Color::all(low[0], low[1], low[2]);
    const auto span = Color::quarter_span(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
    const auto limit = hn::ShiftRight<2>(rival.scores(hn::Set(Scores(), all.constant[best]), corner));
    count = 0;
    for (size_t k = 0; k < padded_count; k += score_lanes) {
      const auto some = Centroids::at(all, k);
      const auto quarters = hn::ShiftRight<2>(some.scores(hn::Load(Scores(), all.constant + k), corner));
      const auto is_far = hn::Gt(hn::Add(quarters, some.largest_fall(rival, span)), limit);
      uint32_t bits = bits_of(hn::Not(is_far));
      for (; bits != 0; bits &= bits - 1) add(static_cast<uint32_t>(k) + first_bit(bits));
    }
    while (clusters[count - 1] >= static_cast<uint32_t>(all.count)) --count;  // padding
  }
};

/// The same for each cell of a group, out of the candidates of the group.
class GroupCandidates {
 public:
  HWY_INLINE void find(const cimaging_clusters &clusters, size_t padded_count, const cimaging_cell_group &group) {
    all.find(clusters, padded_count, group);
    if (all.count == 1) return;
    for (uint32_t j = 0; j < all.count; ++j) cells[j] = 0;
    for (size_t first = 0; first < CIMAGING_GROUP_CELLS; first += score_lanes) find(clusters, group, first);
  }

  /// Whether a cell has only one, which is `nearest`.
  HWY_INLINE bool is_whole(size_t cell) const { return all.count == 1 || counts[cell] == 1; }

  HWY_INLINE uint32_t nearest(size_t cell) const {
    return all.count == 1 ? all.clusters[0] : static_cast<uint32_t>(best[cell]) & 255;
  }

  HWY_INLINE void get(size_t cell, Candidates &found) const {
    found.count = 0;
    for (uint32_t j = 0; j < all.count; ++j) {
      found.clusters[found.count] = all.clusters[j];
      found.count += cells[j] >> cell & 1;
    }
  }

 private:
  /// For a vector of cells.
  HWY_INLINE void find(const cimaging_clusters &clusters, const cimaging_cell_group &group, size_t first) {
    const Scores tag;
    const auto middle = Color::load(group.middle_red_green + first, group.middle_blue + first);
    auto lowest = hn::Set(tag, INT32_MAX), constant = hn::Zero(tag), red_green = hn::Zero(tag), blue = hn::Zero(tag);
    for (uint32_t j = 0; j < all.count; ++j) {
      const uint32_t k = all.clusters[j];
      const auto scores = Centroids::all(clusters, k).scores(hn::Set(tag, clusters.constant[k]), middle);
      const auto is_nearer = hn::Lt(scores, lowest);
      lowest = hn::Min(scores, lowest);
      constant = hn::IfThenElse(is_nearer, hn::Set(tag, clusters.constant[k]), constant);
      red_green = hn::IfThenElse(is_nearer, hn::Set(tag, clusters.red_green[k]), red_green);
      blue = hn::IfThenElse(is_nearer, hn::Set(tag, clusters.blue[k]), blue);
    }
    hn::Store(lowest, tag, best + first);
    const auto corner = Color::load(group.low_red_green + first, group.low_blue + first);
    const auto span = Color::load(group.span_red_green + first, group.span_blue + first);
    const Centroids rival = {pairs(red_green), pairs(blue)};
    const auto limit = rival.scores(hn::Add(constant, hn::Set(tag, 1)), corner);
    auto count = hn::Zero(tag);
    for (uint32_t j = 0; j < all.count; ++j) {
      const uint32_t k = all.clusters[j];
      const auto centroid = Centroids::all(clusters, k);
      const auto scores = centroid.scores(hn::Set(tag, clusters.constant[k]), corner);
      const auto is_near = hn::Lt(hn::Add(scores, centroid.largest_fall(rival, span)), limit);
      count = hn::Sub(count, hn::VecFromMask(tag, is_near));
      cells[j] |= bits_of(is_near) << first;
    }
    hn::Store(count, tag, counts + first);
  }

  Candidates all;
  HWY_ALIGN int32_t best[CIMAGING_GROUP_CELLS];    // scores of the middle
  HWY_ALIGN int32_t counts[CIMAGING_GROUP_CELLS];  // of candidates
  uint32_t cells[CIMAGING_CLUSTER_LIMIT];          // of each candidate of the group, as bits
};

/// Calls `visit.whole(rank, cluster)` for each cell of a share with one candidate, and `visit.divide(rank, candidates)`
/// for each with several.
template <typename Visit>
HWY_INLINE void visit_cells(const cimaging_colors &colors, const cimaging_share &share,
                            const cimaging_clusters &clusters, const Visit &visit) {
  const size_t padded_count = padded(clusters.count);
  GroupCandidates group;
  Candidates found;
  for (size_t first = size_t{share.part} * CIMAGING_GROUP_CELLS; first < colors.cell_count;
       first += size_t{share.part_count} * CIMAGING_GROUP_CELLS) {
    group.find(clusters, padded_count, colors.groups[first / CIMAGING_GROUP_CELLS]);
    const size_t count =
        colors.cell_count - first < CIMAGING_GROUP_CELLS ? colors.cell_count - first : CIMAGING_GROUP_CELLS;
    for (size_t cell = 0; cell < count; ++cell) {
      if (group.is_whole(cell)) {
        visit.whole(first + cell, group.nearest(cell));
      } else {
        group.get(cell, found);
        visit.divide(first + cell, found);
      }
    }
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
