#include <algorithm>
#include <cstring>
#include <vector>

#include "Kernels/Color/equalize.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"
#include "Kernels/Color/lab.hpp"
#include "Kernels/Color/tiles.hpp"

namespace {

using cimaging::TableRun;

/// The planes of a row of Lab.
cimaging::LabRow planes(uint8_t *row, size_t width) { return {row, row + width, row + 2 * width}; }

/// Maps rows of levels through the tables of the four tiles around each pixel.
class Equalizer {
 public:
  Equalizer(const cimaging::TileGrid &grid, const cimaging::TileTables &tables)
      : grid(grid), tables(tables), weights(grid.image_width + cimaging::equalize_padding) {
    for (int x = 0; x < grid.image_width; ++x) {
      const auto pair = grid.columns_at(x);
      weights[x] = pair.weight;
      if (runs.empty() || runs.back().left != pair.first || runs.back().right != pair.second) {
        runs.push_back({x, 0, pair.first, pair.second, {}});
      }
      runs.back().end = x + 1;
    }
  }

  /// Rows may come in any order; tables are joined anew for each other pair of rows of tiles.
  void equalize(const uint8_t *levels, uint8_t *output, int y) {
    const auto pair = grid.rows_at(y);
    if (pair.first != upper || pair.second != lower) {
      upper = pair.first;
      lower = pair.second;
      for (Run &run : runs) cimaging::join(corners(run), run.joined);
    }
    for (const Run &run : runs) {
      const TableRun table_run{static_cast<size_t>(run.first), static_cast<size_t>(run.end), corners(run), run.joined};
      cimaging::equalize(levels, output, table_run, weights.data(), pair.weight);
    }
  }

 private:
  /// Pixel columns between the same two tile columns.
  struct Run {
    int first, end, left, right;
    uint32_t joined[256];
  };

  cimaging::CornerTables corners(const Run &run) const {
    return {tables.table(run.left, upper), tables.table(run.right, upper), tables.table(run.left, lower),
            tables.table(run.right, lower)};
  }

  const cimaging::TileGrid &grid;
  const cimaging::TileTables &tables;
  std::vector<float> weights;
  std::vector<Run> runs;
  int upper = -1, lower = -1;  // rows of tiles whose tables are joined
};

/// For each row of tiles, converts the rows it needs to Lab, kept as planes in the output's rows, then fills its
/// tables.
void measure(const cimaging::View &input, cimaging::View &output, const cimaging::TileGrid &grid,
             cimaging::TileTables &tables) {
  const bool has_color = input.channels == 3;
  int converted = 0;
  for (int row = 0; row < grid.rows; ++row) {
    for (; has_color && converted < std::min((row + 1) * grid.height, input.height); ++converted) {
      cimaging::lab_from_rgb(input.row(converted), planes(output.row(converted), input.width), input.width);
    }
    tables.fill(row, has_color ? output : input);
  }
}

/// Equalises the rows that `measure` has prepared.
void transform(const cimaging::View &input, cimaging::View &output, Equalizer &equalizer) {
  const bool has_color = input.channels == 3;
  const size_t width = input.width, length = input.row_length();
  std::vector<uint8_t> row(length + cimaging::equalize_padding), equalized(width + cimaging::equalize_padding);
  for (int y = 0; y < input.height; ++y) {
    std::memcpy(row.data(), has_color ? output.row(y) : input.row(y), length);
    equalizer.equalize(row.data(), equalized.data(), y);
    if (has_color) {
      const auto lab = planes(row.data(), width);
      cimaging::rgb_from_lab({equalized.data(), lab.a, lab.b}, output.row(y), width);
    } else {
      std::memcpy(output.row(y), equalized.data(), width);
    }
  }
}

}  // namespace

cimaging_status cimaging_clahe(const cimaging_pixels *source, const cimaging_pixels *destination, double clip_limit,
                               int32_t columns, int32_t rows, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cimaging::View &input, cimaging::View &output) {
    cimaging::require(input.channels == 1 || input.channels == 3, "the image has neither one channel nor three");
    const cimaging::TileGrid grid(input.width, input.height, columns, rows);
    cimaging::TileTables tables(grid, clip_limit);
    measure(input, output, grid, tables);
    Equalizer equalizer(grid, tables);
    transform(input, output, equalizer);
  });
}
