#include <algorithm>
#include <array>
#include <vector>

#include "Kernels/Warp/project.hpp"
#include "Kernels/Warp/warp.hpp"

using namespace cimaging;

namespace {

/// For each pixel the number of the last cell, from 1, whose quadrilateral covers it; 0 for none.
std::vector<uint16_t> owners_of(const cimaging_cells &cells, int width, int height) {
  require(cells.count < UINT16_MAX, "cells are numbered in 16 bits");
  std::vector<uint16_t> owners(static_cast<size_t>(width) * static_cast<size_t>(height));
  for (int i = 0; i < cells.count; ++i) {
    opencv::fill_quadrilateral(owners.data(), width, height, cells.corners + 8 * i, static_cast<uint16_t>(i + 1));
  }
  return owners;
}

/// Calls `body(begin, end, owner)` for each run of pixels between two columns that have one owner.
template <typename Body>
void each_run(const uint16_t *owners, int first, int end, Body body) {
  for (int begin = first; begin < end;) {
    const uint16_t owner = owners[begin];
    int next = begin + 1;
    while (next < end && owners[next] == owner) ++next;
    body(begin, next, owner);
    begin = next;
  }
}

}  // namespace

cimaging_status cimaging_warp_cells(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const cimaging_cells *cells, const cimaging_resampling *resampling,
                                    cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const auto owners = owners_of(*cells, input.width, input.height);
    std::vector<std::array<double, 9>> inverses;
    for (int i = 0; i < cells->count; ++i) inverses.push_back(opencv::inverse(cells->matrices + 9 * i));
    const int scale = place_scale(*resampling);
    Places run;
    warp(input, output, *resampling, [&](int y, int first, int count, Places &places) {
      const uint16_t *row = owners.data() + static_cast<size_t>(y) * static_cast<size_t>(input.width);
      each_run(row, first, first + count, [&](int begin, int end, uint16_t owner) {
        // What no cell covers lies far outside.
        std::fill_n(run.x, end - begin, INT32_MIN / 2);
        std::fill_n(run.y, end - begin, INT32_MIN / 2);
        if (owner > 0) project(inverses[owner - 1].data(), scale, y, begin, end - begin, run);
        std::copy_n(run.x, end - begin, places.x + begin - first);
        std::copy_n(run.y, end - begin, places.y + begin - first);
      });
    });
  });
}

cimaging_status cimaging_cell_owners(const cimaging_cells *cells, int32_t width, int32_t height, uint16_t *owners,
                                     cimaging_message *message) {
  return guarded(message, [&] { std::ranges::copy(owners_of(*cells, width, height), owners); });
}
