// Sums of a cell's pixels; included once for each instruction set.

#include <cstdint>
#include <hwy/highway.h>

#if defined(CIMAGING_SUMS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_SUMS_INL_HPP
#undef CIMAGING_SUMS_INL_HPP
#else
#define CIMAGING_SUMS_INL_HPP
#endif

#include "Kernels/Cluster/best_scores-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Pixels of a cell, and the sums of the three low bits of their levels. 32 bits suffice for a cell.
struct CellSums {
  uint32_t values[4];

  static CellSums whole(const cimaging_color_cell &cell) {
    return {{cell.pixel_count, cell.sums[0], cell.sums[1], cell.sums[2]}};
  }

  void subtract(const CellSums &other) {
    for (int i = 0; i < 4; ++i) values[i] -= other.values[i];
  }

  HWY_INLINE void add_to(cimaging_cluster_sums &sums, uint32_t number) const {
    const uint64_t count = values[0];
    sums.count += count;
    for (int channel = 0; channel < 3; ++channel) {
      const auto base = static_cast<uint64_t>(cell_base(number, channel));
      sums.sums[channel] += base * count + values[1 + channel];
    }
  }
};

/// The lanes of four sums.
struct LaneSums {
  hn::Vec<Scores> values[4];

  HWY_INLINE void clear() {
    for (auto &value : values) value = hn::Zero(Scores());
  }

  HWY_INLINE CellSums total() const {
    CellSums sums;
    for (int i = 0; i < 4; ++i) {
      sums.values[i] = static_cast<uint32_t>(hn::GetLane(hn::SumOfLanes(Scores(), values[i])));
    }
    return sums;
  }
};

/// Some colours of a cell, with the weights that they add to sums.
struct ColorRun {
  Color color;
  ScoreVector weights[4];

  HWY_INLINE ColorRun(const uint16_t *offsets, const uint32_t *counts, size_t count) {
    const Scores tag;
    const auto offset = load_offsets(offsets);
    auto weight = hn::LoadU(tag, reinterpret_cast<const int32_t *>(counts));
    if (count < score_lanes) weight = hn::IfThenElseZero(hn::FirstN(tag, count), weight);
    const auto low = hn::Set(tag, 7);
    color = Color::of(offset);
    weights[0] = weight;
    weights[1] = hn::Mul(weight, hn::ShiftRight<6>(offset));
    weights[2] = hn::Mul(weight, hn::And(hn::ShiftRight<3>(offset), low));
    weights[3] = hn::Mul(weight, hn::And(offset, low));
  }
};

/// Shares the colours of a cell among a few candidates, with all sums in registers.
template <int count>
HWY_INLINE void share(const cimaging_colors &colors, const cimaging_color_cell &cell, const Candidates &found,
                      const cimaging_clusters &clusters, cimaging_cluster_sums *sums, size_t sums_stride) {
  const Color corner = corner_of(cell);
  Candidate candidates[count];
  LaneSums shares[count - 1];
  for (int i = 0; i < count; ++i) candidates[i].set(clusters, found.clusters[i], corner);
  for (auto &share : shares) share.clear();
  for (size_t i = 0; i < cell.count; i += score_lanes) {
    const ColorRun run(colors.offsets + cell.first + i, colors.weights + cell.first + i, cell.count - i);
    ScoreVector scores[count];
    for (int j = 0; j < count; ++j) scores[j] = candidates[j].scores(run.color);
    auto best = scores[0];
    for (int j = 1; j < count; ++j) best = hn::Min(best, scores[j]);
    for (int j = 0; j < count - 1; ++j) {
      const auto is_nearest = hn::Eq(scores[j], best);
      for (int sum = 0; sum < 4; ++sum) {
        shares[j].values[sum] = hn::Add(shares[j].values[sum], hn::IfThenElseZero(is_nearest, run.weights[sum]));
      }
    }
  }
  auto rest = CellSums::whole(cell);
  for (int j = 0; j < count - 1; ++j) {
    const auto share = shares[j].total();
    rest.subtract(share);
    share.add_to(sums[found.clusters[j] * sums_stride], cell.number);
  }
  rest.add_to(sums[found.clusters[count - 1] * sums_stride], cell.number);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
