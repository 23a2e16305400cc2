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

/// The centroids that may be nearest to a colour in a box (Kanungo et al., An efficient k-means clustering algorithm,
/// 2002). One is left out if another, that which is nearest to the middle, is nearer to the whole box. As scores are
/// linear, their difference is smallest in a corner, and no rounding is involved.
struct Candidates {
  uint32_t count = 0;
  uint32_t clusters[CIMAGING_CLUSTER_LIMIT];

  HWY_INLINE void find(const cimaging_clusters &all, size_t padded_count, const cimaging_color_cell &cell) {
    const uint8_t *low = cell.low, *high = cell.high;
    const auto middle = Color::all((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2);
    const uint32_t best = nearest(all, padded_count, middle);
    const auto rival = Centroids::all(all, best);
    const auto corner = Color::all(low[0], low[1], low[2]);
    const auto span = Color::span(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
    const auto limit = rival.scores(hn::Set(Scores(), all.constant[best] + 1), corner);
    count = 0;
    for (size_t k = 0; k < padded_count; k += score_lanes) {
      const auto some = Centroids::at(all, k);
      const auto scores = some.scores(hn::Load(Scores(), all.constant + k), corner);
      add(static_cast<uint32_t>(k), hn::Lt(hn::Add(scores, some.largest_fall(rival, span)), limit));
    }
  }

 private:
  HWY_INLINE void add(uint32_t first, hn::Mask<Scores> is_near) {
    uint8_t bytes[8] = {};
    hn::StoreMaskBits(Scores(), is_near, bytes);
    uint32_t bits;
    memcpy(&bits, bytes, sizeof bits);
    for (; bits != 0; bits &= bits - 1) clusters[count++] = first + static_cast<uint32_t>(__builtin_ctz(bits));
  }
};

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
