#include "Kernels/Blur/correlate.hpp"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Blur/correlate_sums.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "Kernels/Blur/floats-inl.hpp"

#ifndef CIMAGING_CORRELATE_SUMS_KERNEL
#define CIMAGING_CORRELATE_SUMS_KERNEL

namespace cimaging {
namespace {

/// Places of one weight: rows are folded, so that row k stands for those k above and k below the middle.
struct Group {
  float weight;
  std::vector<Cell> cells;
};

/// A kernel whose lower half mirrors the upper.
struct FoldedKernel {
  const Cells &kernel;
  std::vector<Group> groups;
  /// How far a sum of floats may lie from the exact one.
  float doubt;

  int radius() const { return kernel.size / 2; }
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Vectors processed together, so that consecutive operations do not depend on each other.
constexpr size_t pairs = 4, block = pairs * pair_length;

/// The results of a block before rounding.
struct Results {
  FloatVector even[pairs], odd[pairs];
};

/// Adds the products of a group: sums of pixels are exact in 16 bits.
HWY_INLINE void add_group(const Group &group, const int16_t *const *rows, size_t i, Results &results) {
  const Shorts shorts;
  const hn::RebindToSigned<Floats> integers;
  ShortVector sums[pairs];
  for (size_t p = 0; p < pairs; ++p) sums[p] = hn::Zero(shorts);
  for (const Cell &cell : group.cells) {
    const int16_t *values = rows[cell.row] + cell.distance + i;
    for (size_t p = 0; p < pairs; ++p) sums[p] = hn::Add(sums[p], hn::LoadU(shorts, values + p * pair_length));
  }
  const FloatVector weight = hn::Set(Floats(), group.weight);
  for (size_t p = 0; p < pairs; ++p) {
    const auto both = hn::BitCast(integers, sums[p]);
    const auto even = hn::ConvertTo(Floats(), hn::ShiftRight<16>(hn::ShiftLeft<16>(both)));
    const auto odd = hn::ConvertTo(Floats(), hn::ShiftRight<16>(both));
    results.even[p] = hn::MulAdd(weight, even, results.even[p]);
    results.odd[p] = hn::MulAdd(weight, odd, results.odd[p]);
  }
}

HWY_INLINE FloatVector distance_from_whole(FloatVector value) {
  return hn::Abs(hn::Sub(value, hn::ConvertTo(Floats(), hn::NearestInt(value))));
}

/// Correlates part of a row with folded rows. Bytes near a tie are computed again in doubles, so that they do not
/// depend on the instruction set.
class SumRow {
 public:
  explicit SumRow(const FoldedKernel &folded) : folded(folded), certain(0.5f - folded.doubt) {}

  void run(const int16_t *const *rows, uint8_t *output, size_t count) const {
    size_t i = 0;
    for (; i + block <= count; i += block) run_block(rows, i, output + i);
    if (i == count) return;
    uint8_t last[block];
    run_block(rows, i, last);
    std::copy_n(last, count - i, output + i);
  }

 private:
  HWY_INLINE void run_block(const int16_t *const *rows, size_t i, uint8_t *output) const {
    Results results;
    for (size_t p = 0; p < pairs; ++p) results.even[p] = results.odd[p] = hn::Zero(Floats());
    for (const Group &group : folded.groups) add_group(group, rows, i, results);
    for (size_t p = 0; p < pairs; p += 2) {
      store_bytes({results.even[p], results.odd[p]}, {results.even[p + 1], results.odd[p + 1]},
                  output + p * pair_length);
    }
    for (size_t p = 0; p < pairs; ++p) {
      const size_t place = p * pair_length;
      settle(results.even[p], rows, i + place, output + place);
      settle(results.odd[p], rows, i + place + 1, output + place + 1);
    }
  }

  /// Corrects the doubtful bytes of a vector, which are every second one.
  HWY_INLINE void settle(FloatVector result, const int16_t *const *rows, size_t i, uint8_t *output) const {
    const auto is_doubtful = hn::Gt(distance_from_whole(result), hn::Set(Floats(), certain));
    if (HWY_LIKELY(hn::AllFalse(Floats(), is_doubtful))) return;
    float doubts[hn::MaxLanes(Floats())];
    hn::StoreU(hn::IfThenElseZero(is_doubtful, hn::Set(Floats(), 1.0f)), Floats(), doubts);
    for (size_t k = 0; k < hn::Lanes(Floats()); ++k) {
      if (doubts[k] != 0) output[2 * k] = exact_byte(rows, i + 2 * k);
    }
  }

  uint8_t exact_byte(const int16_t *const *rows, size_t i) const {
    double sum = 0;
    for (const Group &group : folded.groups) {
      for (const Cell &cell : group.cells) {
        sum += static_cast<double>(group.weight) * rows[cell.row][i + static_cast<size_t>(cell.distance)];
      }
    }
    return nearest_byte(sum);
  }

  const FoldedKernel &folded;
  float certain;
};

void widen(const Stretch &stretch, const uint8_t *row, int16_t *values) {
  for (const int place : stretch.left) *values++ = row[place];
  values = std::copy_n(row + stretch.start, stretch.inside, values);
  for (const int place : stretch.right) *values++ = row[place];
}

/// Sums of the rows at the same distance above and below the middle.
class FoldedRows {
 public:
  FoldedRows(int radius, size_t length) : radius(radius), length(length), sums(static_cast<size_t>(radius) * length) {
    rows.push_back(nullptr);
    for (int k = 0; k < radius; ++k) rows.push_back(sums.data() + static_cast<size_t>(k) * length);
  }

  const int16_t *const *fold(const int16_t *const *about) {
    const Shorts shorts;
    rows[0] = about[radius];
    for (int k = 1; k <= radius; ++k) {
      const int16_t *above = about[radius - k], *below = about[radius + k];
      int16_t *sum = sums.data() + static_cast<size_t>(k - 1) * length;
      for (size_t i = 0; i < length; i += pair_length) {
        hn::StoreU(hn::Add(hn::LoadU(shorts, above + i), hn::LoadU(shorts, below + i)), shorts, sum + i);
      }
    }
    return rows.data();
  }

 private:
  int radius;
  size_t length;
  std::vector<int16_t> sums;
  std::vector<const int16_t *> rows;
};

/// In vertical strips, narrow enough that the folded rows stay in the L1 cache.
void correlate_folded(const View &input, View &output, const FoldedKernel &folded) {
  const int radius = folded.radius(), count = input.width * input.channels;
  const size_t fitting = 24576 / sizeof(int16_t) / static_cast<size_t>(radius + 1) / block;
  const int tile = static_cast<int>(std::max<size_t>(4, fitting) * block);
  const size_t needed = static_cast<size_t>(tile + 2 * radius * input.channels) + block;
  const size_t length = (needed + pair_length - 1) / pair_length * pair_length;
  RowRing<int16_t> ring(input.height, radius, 1, length);
  FoldedRows rows(radius, length);
  const SumRow row(folded);
  for (int first = 0; first < count; first += tile) {
    const int part = std::min(tile, count - first);
    const Stretch stretch(input, first, part, radius);
    for (int y = 0, ready = 0; y < input.height; ++y) {
      for (; ready <= std::min(y + radius, input.height - 1); ++ready)
        widen(stretch, input.row(ready), ring.row(ready));
      row.run(rows.fold(ring.about(y)), output.row(y) + first, static_cast<size_t>(part));
    }
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(correlate_folded);

namespace {

/// The weights of both halves, one folded onto the other; none if they differ.
std::vector<Cell> folded_cells(const Cells &kernel) {
  std::vector<Cell> folded;
  const int radius = kernel.size / 2;
  for (size_t i = 0; i < kernel.cells.size(); ++i) {
    const Cell &cell = kernel.cells[i];
    const bool is_mirrored = std::any_of(kernel.cells.begin(), kernel.cells.end(), [&](const Cell &other) {
      return other.row == kernel.size - 1 - cell.row && other.distance == cell.distance && other.weight == cell.weight;
    });
    if (!is_mirrored) return {};
    if (cell.row >= radius) folded.push_back({cell.row - radius, cell.distance, cell.weight});
  }
  return folded;
}

/// Each at most 64 folded cells, so that the sum of twice as many bytes fits 16 bits.
std::vector<Group> groups_of(const std::vector<Cell> &cells) {
  std::vector<Group> groups;
  for (const Cell &cell : cells) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const Group &other) {
      return other.weight == cell.weight && other.cells.size() < 64;
    });
    if (group == groups.end()) {
      groups.push_back({cell.weight, {cell}});
    } else {
      group->cells.push_back(cell);
    }
  }
  return groups;
}

/// Half a unit in the last place of the largest sum on the way for each rounding.
float doubt_of(const std::vector<Cell> &cells, size_t group_count) {
  float positive = 0, negative = 0;
  for (const Cell &cell : cells) (cell.weight > 0 ? positive : negative) += 510 * std::abs(cell.weight);
  const float largest = std::max(positive, negative), unit = std::nextafter(largest, INFINITY) - largest;
  return unit * static_cast<float>(group_count);
}

}  // namespace

bool correlate_sums(const View &input, View &output, const Cells &kernel) {
  const std::vector<Cell> cells = folded_cells(kernel);
  const std::vector<Group> groups = groups_of(cells);
  const float doubt = doubt_of(cells, groups.size());
  if (cells.empty() || cells.size() > 400 || doubt > 0.01f) return false;
  HWY_DYNAMIC_DISPATCH(correlate_folded)(input, output, {kernel, groups, doubt});
  return true;
}

}  // namespace cimaging

#endif
