#ifndef CIMAGING_TILES_HPP
#define CIMAGING_TILES_HPP

#include <cstdint>
#include <vector>

#include "view.hpp"

namespace cimaging {

/// The two tiles between which a pixel lies along one axis.
struct TilePair {
  int first;
  int second;
  float weight;  // of the second
};

/// OpenCV's CLAHE tiling into tiles of equal size, which extend beyond the image's edge if the size is not divisible.
struct TileGrid {
  TileGrid(int image_width, int image_height, int columns, int rows);

  TilePair columns_at(int x) const { return pair(x, width, columns); }
  TilePair rows_at(int y) const { return pair(y, height, rows); }

  int image_width, image_height;
  int columns;
  int rows;
  int width;  // of a tile
  int height;

 private:
  static TilePair pair(int position, int size, int count);
};

/// An equalisation table of 256 for each tile.
class TileTables {
 public:
  /// Histograms are clipped at `clip_limit` times a uniform one.
  TileTables(const TileGrid &grid, double clip_limit);

  /// Fills the tables of a row of tiles. Each row of `plane` begins with the image's levels, at least down to the end
  /// of the row of tiles.
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
