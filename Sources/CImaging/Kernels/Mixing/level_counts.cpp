#include "Kernels/Mixing/level_counts.hpp"

namespace cimaging {

std::array<LevelCounts, 3> level_counts(const View &image) {
  std::array<LevelCounts, 3> counts{};
  const int channels = image.channels;
  for (int y = 0; y < image.height; ++y) {
    const uint8_t *row = image.row(y);
    if (channels == 3) {
      for (int x = 0; x < image.width; ++x, row += 3) ++counts[0][row[0]], ++counts[1][row[1]], ++counts[2][row[2]];
    } else {
      for (int x = 0; x < image.width; ++x) ++counts[0][row[x]];
    }
  }
  return counts;
}

void look_up_channels(const View &input, View &output, const LevelTables &tables) {
  for (int y = 0; y < input.height; ++y) {
    const uint8_t *from = input.row(y);
    uint8_t *to = output.row(y);
    if (input.channels == 3) {
      for (int x = 0; x < input.width; ++x, from += 3, to += 3) {
        to[0] = tables[0][from[0]], to[1] = tables[1][from[1]], to[2] = tables[2][from[2]];
      }
    } else {
      for (int x = 0; x < input.width; ++x) to[x] = tables[0][from[x]];
    }
  }
}

}  // namespace cimaging
