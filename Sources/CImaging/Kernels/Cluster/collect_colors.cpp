#include "Kernels/Cluster/cell_groups.hpp"
#include "Kernels/Cluster/cells.hpp"
#include "include/cimaging_cluster.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Cluster/collect_colors.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Cluster/sums-inl.hpp"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Writes each offset once, in the order of first occurrence, and counts the pixels of each in `counts`. Without a
/// branch: whether a colour occurs again cannot be predicted.
HWY_INLINE uint32_t distinct(const uint16_t *pixels, uint32_t pixel_count, uint16_t *offsets, uint32_t *counts) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < pixel_count; ++i) {
    const uint16_t offset = pixels[i];
    offsets[count] = offset;
    count += counts[offset]++ == 0;
  }
  return count;
}

/// Sums and limits of the levels in a cell, by lanes.
class LevelSums {
 public:
  HWY_INLINE explicit LevelSums(uint16_t offset) {
    const Levels levels(hn::Set(Scores(), offset));
    for (int channel = 0; channel < 3; ++channel) lows[channel] = highs[channel] = levels.of[channel];
  }

  HWY_INLINE void add(const ColorRun &run) {
    const hn::RebindToUnsigned<Scores> tag;
    auto square = hn::Zero(Scores());
    for (int channel = 0; channel < 3; ++channel) {
      const auto level = run.levels.of[channel];
      lows[channel] = hn::Min(lows[channel], level);
      highs[channel] = hn::Max(highs[channel], level);
      square = hn::Add(square, hn::Mul(level, level));
    }
    sums.add(run);
    const auto weight = hn::BitCast(tag, run.weights[0]), factor = hn::BitCast(tag, square);
    squares = hn::Add(squares, hn::Add(hn::MulEven(weight, factor), hn::MulEven(odd(weight), odd(factor))));
  }

  /// Writes sums and limits of a cell whose number is set.
  HWY_INLINE void write(cimaging_color_cell &cell) const {
    const CellSums total = sums.total();
    cell.squares = hn::GetLane(hn::SumOfLanes(Wide(), squares));
    for (int channel = 0; channel < 3; ++channel) {
      const auto base = static_cast<uint64_t>(cell_base(cell.number, channel));
      const uint32_t sum = total.values[1 + channel];
      cell.sums[channel] = sum;
      cell.squares += base * (base * total.values[0] + 2 * uint64_t{sum});
      cell.low[channel] = static_cast<uint8_t>(base + lane(hn::MinOfLanes(Scores(), lows[channel])));
      cell.high[channel] = static_cast<uint8_t>(base + lane(hn::MaxOfLanes(Scores(), highs[channel])));
    }
  }

 private:
  using Wide = hn::Repartition<uint64_t, Scores>;
  using UnsignedVector = hn::Vec<hn::RebindToUnsigned<Scores>>;

  static HWY_INLINE uint64_t lane(ScoreVector vector) { return static_cast<uint64_t>(hn::GetLane(vector)); }

  /// The odd lanes in place of the even ones.
  static HWY_INLINE UnsignedVector odd(UnsignedVector vector) {
    return hn::BitCast(hn::RebindToUnsigned<Scores>(), hn::ShiftRight<32>(hn::BitCast(Wide(), vector)));
  }

  ScoreVector lows[3], highs[3];
  LaneSums sums;
  hn::Vec<Wide> squares = hn::Zero(Wide());
};

/// Finds the colours of a cell whose number and number of pixels are set, and sets the rest.
HWY_INLINE void collect(const uint16_t *pixels, cimaging_color_cell &cell, const cimaging_colors &colors,
                        uint32_t *counts) {
  uint16_t *offsets = colors.offsets + cell.first;
  uint32_t *weights = colors.weights + cell.first;
  cell.count = distinct(pixels, cell.pixel_count, offsets, counts);
  for (uint32_t i = 0; i < cell.count; ++i) {
    weights[i] = counts[offsets[i]];
    counts[offsets[i]] = 0;
  }
  LevelSums sums(offsets[0]);
  for (uint32_t i = 0; i < cell.count; i += score_lanes) sums.add(ColorRun(offsets + i, weights + i, cell.count - i));
  sums.write(cell);
}

void collect_colors(const uint16_t *pixels, const uint32_t *starts, uint32_t first, uint32_t end,
                    const cimaging_colors &colors) {
  uint32_t counts[CIMAGING_CELL_COLORS] = {};  // all 0 between cells
  uint32_t place = starts[first * CIMAGING_GROUP_CELLS];
  for (uint32_t group = first; group < end; ++group) {
    const uint32_t start = group * CIMAGING_GROUP_CELLS;
    const uint32_t count = std::min<uint32_t>(CIMAGING_GROUP_CELLS, colors.cell_count - start);
    for (uint32_t rank = start; rank < start + count; ++rank) {
      cimaging_color_cell &cell = colors.cells[rank];
      cell.first = place;
      cell.pixel_count = starts[rank + 1] - starts[rank];
      collect(pixels + starts[rank], cell, colors, counts);
      place += cell.count;
    }
    set_group(colors.groups[group], colors.cells + start, count);
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(collect_colors);
}  // namespace cimaging

void cimaging_collect_colors(const uint16_t *pixels, const uint32_t *starts, uint32_t first, uint32_t end,
                             const cimaging_colors *colors) {
  using namespace cimaging;
  HWY_DYNAMIC_DISPATCH(collect_colors)(pixels, starts, first, end, *colors);
}

#endif
