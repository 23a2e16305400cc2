#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "Kernels/Color/plasma_noise.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"

#pragma clang fp contract(off)

using namespace cimaging;

namespace {

/// The upper left part of a square grid of 2^k + 1 points a side.
class Grid {
 public:
  /// `shown` rows and columns are wanted. The next two are computed as well, because points depend on others up to
  /// two places away; they may be wrong.
  Grid(int side, int shown_rows, int shown_columns)
      : shown_rows(std::min(side, shown_rows)),
        shown_columns(std::min(side, shown_columns)),
        rows(std::min(side, shown_rows + 2)),
        columns(std::min(side, shown_columns + 2)),
        stride(columns + PlasmaNoise::padding),
        values((rows + 1) * stride) {}

  void fill(const PlasmaNoise &noise) {
    for (int y = 0; y < rows; y += 2) noise.fill(y / 2, row(y), row(y + 1), columns);
  }

  /// Points of a coarser grid keep their value; those in the middle of four, then those between two of these and two of
  /// them, take the mean if it is positive. Each then changes by its noise.
  void refine(const Grid &coarse) {
    const auto [slope, offset] = coarse.normalization();
    for (int y = 0; y < rows; y += 2) {
      for (int x = 0; x < columns; x += 2) row(y)[x] += coarse.row(y / 2)[x / 2] * slope + offset;
    }
    for (int y = 1; y < rows; y += 2) {
      for (int x = 1; x < columns; x += 2) {
        settle(x, y, at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1));
      }
    }
    for (int y = 0; y < rows; ++y) {
      for (int x = 1 - y % 2; x < columns; x += 2) {
        settle(x, y, at(x, y - 1) + at(x - 1, y) + at(x + 1, y) + at(x, y + 1));
      }
    }
  }

  /// The slope and the offset that bring the shown values to 0 ... 1.
  std::pair<float, float> normalization() const {
    float least = std::numeric_limits<float>::infinity(), most = -least;
    for (int y = 0; y < shown_rows; ++y) {
      const auto [low, high] = std::minmax_element(row(y), row(y) + shown_columns);
      least = std::min(least, *low);
      most = std::max(most, *high);
    }
    const float slope = most > least ? 1 / (most - least) : 0;
    return {slope, -least * slope};
  }

  float *row(int y) { return &values[y * stride]; }
  const float *row(int y) const { return &values[y * stride]; }

  const int shown_rows, shown_columns, rows, columns;

 private:
  /// A quarter of a value, as in the mean of four; 0 beyond the edge.
  float at(int x, int y) const { return x < 0 || y < 0 || x >= columns || y >= rows ? 0 : row(y)[x] * 0.25f; }

  void settle(int x, int y, float mean) {
    float &value = row(y)[x];
    value = mean > 0 ? mean + value : 0;
  }

  const size_t stride;
  std::vector<float> values;
};

/// The grid of 2^(level + 1) + 1 points a side.
Grid grid(const cimaging_plasma &plasma, int level, int rows, int columns) {
  const int side = (2 << level) + 1;
  Grid result(side, rows, columns);
  const float scale = level == 0 ? 1 : std::pow(static_cast<float>(plasma.roughness), static_cast<float>(level - 1));
  result.fill({plasma.seed, static_cast<uint32_t>(level), scale});
  if (level > 0) result.refine(grid(plasma, level - 1, (result.rows + 1) / 2, (result.columns + 1) / 2));
  return result;
}

/// The least level whose grid covers a side.
int level_for(int side) {
  int level = 0;
  while ((2 << level) + 1 < side) ++level;
  return level;
}

}  // namespace

cimaging_status cimaging_plasma_pattern(const cimaging_plasma *plasma, int32_t width, int32_t height, float *pattern,
                                        cimaging_message *message) {
  return guarded(message, [&] {
    const Grid last = grid(*plasma, level_for(std::max(width, height)), height, width);
    const auto [slope, offset] = last.normalization();
    for (int y = 0; y < height; ++y) {
      float *output = pattern + static_cast<size_t>(y) * width;
      for (int x = 0; x < width; ++x) output[x] = std::clamp(last.row(y)[x] * slope + offset, 0.0f, 1.0f);
    }
  });
}
