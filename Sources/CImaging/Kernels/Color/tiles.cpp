#include "Kernels/Color/tiles.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#pragma clang fp contract(off)

namespace cimaging {

TileGrid::TileGrid(int image_width, int image_height, int columns, int rows)
    : image_width(image_width), image_height(image_height), columns(columns), rows(rows) {
  const int right = image_width % columns, below = image_height % rows;
  // If only one axis is divisible, OpenCV still pads that axis by one pixel per tile.
  const bool divides = right == 0 && below == 0;
  width = (divides ? image_width : image_width + columns - right) / columns;
  height = (divides ? image_height : image_height + rows - below) / rows;
}

TilePair TileGrid::pair(int position, int size, int count) {
  const float place = static_cast<float>(position) * (1.0f / static_cast<float>(size)) - 0.5f;
  const int first = static_cast<int>(std::floor(place));
  return {std::max(first, 0), std::min(first + 1, count - 1), place - static_cast<float>(first)};
}

/// Four partial histograms, so that equal adjacent levels do not serialize on one counter.
struct TileTables::Histogram {
  int32_t parts[4][256] = {};

  void add(const uint8_t *levels, int count) {
    int i = 0;
    for (; i + 8 <= count; i += 8) {
      uint64_t eight;
      std::memcpy(&eight, levels + i, sizeof eight);
      for (int k = 0; k < 8; ++k) ++parts[k % 4][eight >> (8 * k) & 255];
    }
    for (; i < count; ++i) ++parts[0][levels[i]];
  }
};

TileTables::TileTables(const TileGrid &grid, double clip_limit)
    : grid(grid), tables(256 * static_cast<size_t>(grid.columns) * grid.rows) {
  const int64_t area = static_cast<int64_t>(grid.width) * grid.height;
  scale = 255.0f / static_cast<float>(area);
  // From a limit of 256 nothing is clipped.
  const double limit = std::min(clip_limit, 256.0) * static_cast<double>(area) / 256;
  clip_count = clip_limit > 0 ? std::max(static_cast<int>(limit), 1) : 0;
}

void TileTables::fill(int row, const View &plane) {
  for (int column = 0; column < grid.columns; ++column) {
    Histogram histogram;
    count(column, row, plane, histogram);
    auto &counts = histogram.parts[0];
    for (int i = 0; i < 256; ++i) counts[i] += histogram.parts[1][i] + histogram.parts[2][i] + histogram.parts[3][i];
    if (clip_count > 0) clip(counts);
    uint8_t *table = &tables[256 * (grid.columns * static_cast<size_t>(row) + column)];
    int sum = 0;
    for (int i = 0; i < 256; ++i) {
      sum += counts[i];
      table[i] = nearest_byte(static_cast<float>(sum) * scale);
    }
  }
}

/// Beyond the edge the image is reflected about its outermost pixels.
void TileTables::count(int column, int row, const View &plane, Histogram &histogram) const {
  const int left = column * grid.width, right = left + grid.width;
  const int inside = std::clamp(grid.image_width, left, right);
  for (int y = row * grid.height; y < (row + 1) * grid.height; ++y) {
    const uint8_t *levels = plane.row(reflected(y, grid.image_height));
    histogram.add(levels + left, inside - left);
    for (int x = inside; x < right; ++x) {
      ++histogram.parts[0][levels[reflected(x, grid.image_width)]];
    }
  }
}

/// Clips counts at the limit and redistributes the excess evenly; the remainder goes to levels at equal steps.
void TileTables::clip(int32_t (&counts)[256]) const {
  int clipped = 0;
  for (int32_t &count : counts) {
    clipped += std::max(count - clip_count, 0);
    count = std::min(count, clip_count);
  }
  for (int32_t &count : counts) count += clipped / 256;
  const int rest = clipped % 256;
  if (rest == 0) return;
  const int step = std::max(256 / rest, 1);
  for (int i = 0, left = rest; i < 256 && left > 0; i += step, --left) ++counts[i];
}

}  // namespace cimaging
