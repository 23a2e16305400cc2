#include <cstring>
#include <vector>

#include "Kernels/Weather/disc.hpp"
#include "guard.hpp"
#include "include/cimaging_weather.h"

namespace cimaging {

namespace {

/// How many discs cover each pixel of a row: sums of steps up where a disc begins and down where it ends.
class Coverage {
 public:
  Coverage(const View &image, const int32_t *discs, size_t count)
      : width(static_cast<size_t>(image.width)), steps((width + 1) * static_cast<size_t>(image.height)) {
    for (size_t i = 0; i < count; ++i) add({discs[3 * i], discs[3 * i + 1], discs[3 * i + 2]}, image);
  }

  const int32_t *row(int y) const { return steps.data() + static_cast<size_t>(y) * (width + 1); }

 private:
  void add(const Disc &disc, const View &image) {
    const Disc::Run rows = disc.rows(image.height);
    for (int y = rows.first; y < rows.end; ++y) {
      const Disc::Run columns = disc.columns(y, image.width);
      int32_t *row = steps.data() + static_cast<size_t>(y) * (width + 1);
      row[columns.first] += 1;
      row[columns.end] -= 1;
    }
  }

  size_t width;
  std::vector<int32_t> steps;
};

/// The table applied 0 to 255 times; further times change nothing, because a level rises at most 255 times.
class RepeatedTable {
 public:
  explicit RepeatedTable(const uint8_t *table) : values(256 * 256) {
    for (size_t level = 0; level < 256; ++level) values[level] = static_cast<uint8_t>(level);
    for (size_t i = 256; i < values.size(); ++i) values[i] = table[values[i - 256]];
  }

  const uint8_t *times(int32_t count) const { return values.data() + 256 * static_cast<size_t>(std::min(count, 255)); }

 private:
  std::vector<uint8_t> values;
};

void cover_row(const uint8_t *from, uint8_t *to, const View &image, const int32_t *steps, const RepeatedTable &tables) {
  const auto channels = static_cast<size_t>(image.channels);
  int32_t count = 0;
  for (int x = 0; x < image.width; ++x) {
    count += steps[x];
    const uint8_t *table = tables.times(count);
    for (size_t channel = 0; channel < channels; ++channel) *to++ = table[*from++];
  }
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_cover_with_discs(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const int32_t *discs, size_t count, const uint8_t *table,
                                          cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const Coverage coverage(input, discs, count);
    const RepeatedTable tables(table);
    for (int y = 0; y < input.height; ++y) cover_row(input.row(y), output.row(y), input, coverage.row(y), tables);
  });
}
