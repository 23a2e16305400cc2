// Scores of centroids, as `cimaging_clusters` defines them; included once for each instruction set.

#include <cstdint>
#include <hwy/highway.h>

#include "include/cimaging_cluster.h"

#if defined(CIMAGING_SCORES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_SCORES_INL_HPP
#undef CIMAGING_SCORES_INL_HPP
#else
#define CIMAGING_SCORES_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Scores = hn::ScalableTag<int32_t>;
using ScoreVector = hn::Vec<Scores>;
using Pairs = hn::Repartition<int16_t, Scores>;
using PairVector = hn::Vec<Pairs>;

constexpr size_t score_lanes = hn::MaxLanes(Scores());

/// Two 16-bit numbers in each 32-bit lane.
HWY_INLINE PairVector pairs(ScoreVector bits) { return hn::BitCast(Pairs(), bits); }

/// `start` plus the products of the first and of the second numbers of each pair.
HWY_INLINE ScoreVector add_products(ScoreVector start, PairVector a, PairVector b) {
  auto rest = hn::Zero(Scores());
  const auto sums = hn::ReorderWidenMulAccumulate(Scores(), a, b, start, rest);
  return hn::RearrangeToOddPlusEven(sums, rest);
}

/// Levels of R and G, and of B, as multiples of 256: what centroids are multiplied by.
struct Color {
  PairVector red_green, blue;

  /// The same colour in all lanes; less 128.
  static HWY_INLINE Color all(int r, int g, int b) {
    return {all(256 * (r - 128), 256 * (g - 128)), all(256 * (b - 128), 0)};
  }

  /// The same distances in all lanes, divided by 4.
  static HWY_INLINE Color quarter_span(int r, int g, int b) { return {all(64 * r, 64 * g), all(64 * b, 0)}; }

  static HWY_INLINE Color load(const int32_t *red_green, const int32_t *blue) {
    return {pairs(hn::Load(Scores(), red_green)), pairs(hn::Load(Scores(), blue))};
  }

  /// Of offsets in a cell.
  static HWY_INLINE Color of(ScoreVector offsets) {
    const auto red = hn::ShiftLeft<2>(hn::And(offsets, hn::Set(Scores(), 7 << 6)));
    const auto green = hn::ShiftLeft<21>(hn::And(offsets, hn::Set(Scores(), 7 << 3)));
    const auto blue = hn::ShiftLeft<8>(hn::And(offsets, hn::Set(Scores(), 7)));
    return {pairs(hn::Or(red, green)), pairs(blue)};
  }

 private:
  static HWY_INLINE PairVector all(int first, int second) {
    const uint32_t bits = static_cast<uint32_t>(second) << 16 | (static_cast<uint32_t>(first) & 0xFFFF);
    return pairs(hn::Set(Scores(), static_cast<int32_t>(bits)));
  }
};

/// Centroids, or the same one in all lanes.
struct Centroids {
  PairVector red_green, blue;

  static HWY_INLINE Centroids at(const cimaging_clusters &clusters, size_t k) {
    return {pairs(hn::Load(Scores(), clusters.red_green + k)), pairs(hn::Load(Scores(), clusters.blue + k))};
  }

  static HWY_INLINE Centroids all(const cimaging_clusters &clusters, size_t k) {
    return {pairs(hn::Set(Scores(), clusters.red_green[k])), pairs(hn::Set(Scores(), clusters.blue[k]))};
  }

  HWY_INLINE ScoreVector scores(ScoreVector start, const Color &color) const {
    return add_products(add_products(start, red_green, color.red_green), blue, color.blue);
  }

  /// The most that scores fall by, compared with those of `other`, from the low corner of a box to anywhere in it.
  HWY_INLINE ScoreVector largest_fall(const Centroids &other, const Color &span) const {
    const auto zero = hn::Zero(Pairs());
    const auto first = hn::Min(hn::Sub(red_green, other.red_green), zero);
    const auto second = hn::Min(hn::Sub(blue, other.blue), zero);
    return add_products(add_products(hn::Zero(Scores()), first, span.red_green), second, span.blue);
  }
};

/// `count` rounded up to whole vectors.
HWY_INLINE size_t padded(int32_t count) {
  return (static_cast<size_t>(count) + score_lanes - 1) / score_lanes * score_lanes;
}

/// The index of the cluster with the smallest score for a colour.
HWY_INLINE uint32_t nearest(const cimaging_clusters &clusters, size_t padded_count, const Color &color) {
  auto best = hn::Set(Scores(), INT32_MAX);
  for (size_t k = 0; k < padded_count; k += score_lanes) {
    best = hn::Min(best, Centroids::at(clusters, k).scores(hn::Load(Scores(), clusters.constant + k), color));
  }
  return static_cast<uint32_t>(hn::GetLane(hn::MinOfLanes(Scores(), best))) & 255;
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
