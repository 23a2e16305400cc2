#ifndef CIMAGING_TILES_HPP
#define CIMAGING_TILES_HPP

#include <cstdint>
#include <vector>

#include "view.hpp"

namespace cimaging {

/// Between which two tiles, along one axis, a pixel lies.
struct TilePair {
  int first;
  int second;
  float weight;  // of the second
};

/// How OpenCV's CLAHE cuts an image into tiles of one size: where it does not divide, beyond the image's edge.
struct TileGrid {
  TileGrid(int image_width, int image_height, int columns, int rows);

  TilePair columns_at(int x) const { return pair(x, width, columns); }
  TilePair rows_at(int y) const { return pair(y, height, rows); }

  int image_width, image_height;
  int columns;
  int rows;
  int width;   // of a tile
  int height;

 private:
  static TilePair pair(int position, int size, int count);
};

/// A table of 256 for each tile, which evens out its levels.
class TileTables {
 public:
  /// Histograms are clipped at `clip_limit` times an even one.
  TileTables(const TileGrid &grid, double clip_limit);

  /// Makes the tables of a row of tiles. The first bytes of each row of `plane` are the image's levels, as far down as the
  /// row of tiles goes.
  void fill(int row, const View &plane);

  const uint8_t *table(int column, int row) const { return &tables[256 * (grid.columns * size_t(row) + column)]; }

 private:
  struct Histogram;

  void count(int column, int row, const View &plane, Histogram &histogram) const;
  void clip(int32_t (&counts)[256]) const;

  TileGrid grid;
  int clip_count;
  float scale;
  std::vector<uint8_t> tables;
};

}  // namespace cimaging

#endif
