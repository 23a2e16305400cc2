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

/// Scratch rows, padded to whole vectors.
class ScratchRows {
 public:
  explicit ScratchRows(int width)
      : width(width), stride(width + std::max(cimaging::lab_padding, cimaging::equalize_padding)), bytes(4 * stride) {}

  uint8_t *equalized() { return &bytes[0]; }
  cimaging::LabRow lab() { return {&bytes[stride], &bytes[2 * stride], &bytes[3 * stride]}; }

  /// Stores a Lab row as three planes in the memory of the output row.
  void store_lab(uint8_t *row) {
    for (size_t k = 0; k < 3; ++k) std::memcpy(row + k * width, &bytes[(k + 1) * stride], width);
  }

  void load(const uint8_t *row, size_t planes) {
    for (size_t k = 0; k < planes; ++k) std::memcpy(&bytes[(k + 1) * stride], row + k * width, width);
  }

 private:
  size_t width, stride;
  std::vector<uint8_t> bytes;
};

/// Maps rows of levels through the tables of the four tiles around each pixel.
class Equalizer {
 public:
  Equalizer(const cimaging::TileGrid &grid, const cimaging::TileTables &tables)
      : grid(grid), tables(tables), weights(grid.image_width + cimaging::equalize_padding) {
    for (int x = 0; x < grid.image_width; ++x) {
      const auto pair = grid.columns_at(x);
      weights[x] = pair.weight;
      if (runs.empty() || runs.back().left != pair.first || runs.back().right != pair.second) {
        runs.push_back({x, 0, pair.first, pair.second});
      }
      runs.back().end = x + 1;
    }
  }

  void equalize(const uint8_t *levels, uint8_t *output, int y) const {
    const auto rows = grid.rows_at(y);
    for (const Run &run : runs) {
      const TableRun table_run{static_cast<size_t>(run.first),
                               static_cast<size_t>(run.end),
                               {tables.table(run.left, rows.first), tables.table(run.right, rows.first),
                                tables.table(run.left, rows.second), tables.table(run.right, rows.second)}};
      cimaging::equalize(levels, output, table_run, weights.data(), rows.weight);
    }
  }

 private:
  /// Pixel columns between the same two tile columns.
  struct Run {
    int first, end, left, right;
  };

  const cimaging::TileGrid &grid;
  const cimaging::TileTables &tables;
  std::vector<float> weights;
  std::vector<Run> runs;
};

/// For each row of tiles, converts the rows it needs to Lab, then fills its tables.
void measure(const cimaging::View &input, cimaging::View &output, const cimaging::TileGrid &grid,
             cimaging::TileTables &tables, ScratchRows &rows) {
  const bool has_color = input.channels == 3;
  int converted = 0;
  for (int row = 0; row < grid.rows; ++row) {
    for (; has_color && converted < std::min((row + 1) * grid.height, input.height); ++converted) {
      cimaging::lab_from_rgb(input.row(converted), rows.lab(), input.width);
      rows.store_lab(output.row(converted));
    }
    tables.fill(row, has_color ? output : input);
  }
}

/// Equalises the rows that `measure` has prepared.
void transform(const cimaging::View &input, cimaging::View &output, const Equalizer &equalizer, ScratchRows &rows) {
  const bool has_color = input.channels == 3;
  const auto lab = rows.lab();
  for (int y = 0; y < input.height; ++y) {
    rows.load(has_color ? output.row(y) : input.row(y), has_color ? 3 : 1);
    equalizer.equalize(lab.lightness, rows.equalized(), y);
    if (has_color) {
      cimaging::rgb_from_lab({rows.equalized(), lab.a, lab.b}, output.row(y), input.width);
    } else {
      std::memcpy(output.row(y), rows.equalized(), input.width);
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
    ScratchRows scratch(input.width);
    measure(input, output, grid, tables, scratch);
    transform(input, output, Equalizer(grid, tables), scratch);
  });
}
