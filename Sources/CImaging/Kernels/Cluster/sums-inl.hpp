// Sums of a cell's pixels; included once for each instruction set.

#include <algorithm>
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

/// How far the levels of some colours lie above their cell's base.
struct Levels {
  ScoreVector of[3];

  HWY_INLINE explicit Levels(ScoreVector offsets) {
    const auto low = hn::Set(Scores(), 7);
    of[0] = hn::ShiftRight<6>(offsets);
    of[1] = hn::And(hn::ShiftRight<3>(offsets), low);
    of[2] = hn::And(offsets, low);
  }
};

/// Some colours of a cell, with what they add to sums. Beyond its end, the first one is repeated without weight.
struct ColorRun {
  ScoreVector offset;
  Levels levels;
  ScoreVector weights[4];

  HWY_INLINE ColorRun(const uint16_t *offsets, const uint32_t *counts, size_t count)
      : offset(load(offsets, count)), levels(offset) {
    weights[0] = hn::LoadU(Scores(), reinterpret_cast<const int32_t *>(counts));
    if (count < score_lanes) weights[0] = hn::IfThenElseZero(hn::FirstN(Scores(), count), weights[0]);
    for (int channel = 0; channel < 3; ++channel) weights[1 + channel] = hn::Mul(weights[0], levels.of[channel]);
  }

  HWY_INLINE Color color() const { return Color::of(offset); }

 private:
  static HWY_INLINE ScoreVector load(const uint16_t *offsets, size_t count) {
    const auto loaded = load_offsets(offsets);
    if (count >= score_lanes) return loaded;
    return hn::IfThenElse(hn::FirstN(Scores(), count), loaded, hn::Set(Scores(), offsets[0]));
  }
};

/// The lanes of four sums.
struct LaneSums {
  ScoreVector values[4];

  HWY_INLINE LaneSums() {
    for (auto &value : values) value = hn::Zero(Scores());
  }

  HWY_INLINE void add(const ColorRun &run) {
    for (int i = 0; i < 4; ++i) values[i] = hn::Add(values[i], run.weights[i]);
  }

  HWY_INLINE void add(const ColorRun &run, hn::Mask<Scores> mask) {
    for (int i = 0; i < 4; ++i) values[i] = hn::Add(values[i], hn::IfThenElseZero(mask, run.weights[i]));
  }

  HWY_INLINE CellSums total() const {
    CellSums sums;
    for (int i = 0; i < 4; ++i) {
      sums.values[i] = static_cast<uint32_t>(hn::GetLane(hn::SumOfLanes(Scores(), values[i])));
    }
    return sums;
  }
};

/// Many sums, to which colours are added one by one.
class RowSums {
 public:
  HWY_INLINE explicit RowSums(size_t count) { std::fill_n(values, 4 * count, 0); }

  /// Adds each colour to the sums with the index in its lane.
  HWY_INLINE void add(const ColorRun &run, const int32_t *indices) {
    const hn::Full128<int32_t> row;
    HWY_ALIGN int32_t rows[4 * score_lanes];
    hn::StoreInterleaved4(run.weights[0], run.weights[1], run.weights[2], run.weights[3], Scores(), rows);
    for (size_t lane = 0; lane < score_lanes; ++lane) {
      int32_t *own = values + 4 * static_cast<size_t>(indices[lane]);
      hn::Store(hn::Add(hn::Load(row, own), hn::Load(row, rows + 4 * lane)), row, own);
    }
  }

  HWY_INLINE CellSums operator[](size_t index) const {
    CellSums sums;
    std::copy_n(values + 4 * index, 4, sums.values);
    return sums;
  }

 private:
  HWY_ALIGN int32_t values[4 * CIMAGING_CLUSTER_LIMIT];
};

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
