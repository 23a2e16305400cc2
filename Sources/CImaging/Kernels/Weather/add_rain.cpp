#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "OpenCV/drawing.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"
#include "include/cimaging_weather.h"

namespace cimaging {

namespace {

/// Which pixels drops cover, and how many of those in a box around each pixel.
class Drops {
 public:
  Drops(const View &image, const cimaging_rain &rain)
      : size(rain.blur),
        width(static_cast<size_t>(image.width)),
        height(image.height),
        covered(width * static_cast<size_t>(image.height)),
        sums(width),
        in_columns(width + static_cast<size_t>(size) + stride) {
    View plane{covered.data(), image.width, image.height, 1, width};
    opencv::draw_lines(plane, rain.ends, rain.count, rain.thickness, 1);
    for (int y = 0; y < size; ++y) add(y - size / 2);
  }

  /// Calls `body(x, count)` for each pixel of row y whose box has covered pixels. Rows must come in order.
  template <typename Body>
  void count_row(int y, Body body) {
    extend();
    const auto entering = static_cast<size_t>(size) - 1;
    unsigned count = 0;
    for (size_t i = 0; i < entering; ++i) count += in_columns[i];
    for (size_t x = 0; x < width;) {
      if (count == 0 && is_dry(x + entering)) {
        x += stride;
        continue;
      }
      count += in_columns[x + entering];
      if (count != 0) body(x, count);
      count -= in_columns[x++];
    }
    remove(y - size / 2);
    add(y - size / 2 + size);
  }

 private:
  /// Columns that are skipped at once where there are no drops.
  static constexpr size_t stride = sizeof(uint64_t);

  bool is_dry(size_t first) const {
    uint64_t columns;
    std::memcpy(&columns, in_columns.data() + first, stride);
    return columns == 0;
  }

  /// Copies the sums and reflects them beyond the edges.
  void extend() {
    const auto before = static_cast<size_t>(size / 2);
    std::copy_n(sums.data(), width, in_columns.data() + before);
    const auto reflect = [&](size_t i) {
      in_columns[i] = sums[static_cast<size_t>(reflected(static_cast<int>(i) - size / 2, static_cast<int>(width)))];
    };
    for (size_t i = 0; i < before; ++i) reflect(i);
    for (size_t i = before + width; i < width + static_cast<size_t>(size); ++i) reflect(i);
  }

  const uint8_t *row(int y) const { return covered.data() + width * static_cast<size_t>(reflected(y, height)); }

  void add(int y) {
    const uint8_t *bytes = row(y);
    for (size_t x = 0; x < width; ++x) sums[x] = static_cast<uint8_t>(sums[x] + bytes[x]);
  }

  void remove(int y) {
    const uint8_t *bytes = row(y);
    for (size_t x = 0; x < width; ++x) sums[x] = static_cast<uint8_t>(sums[x] - bytes[x]);
  }

  int size;
  size_t width;
  int height;
  std::vector<uint8_t> covered;     // 1 where a drop is
  std::vector<uint8_t> sums;        // of each column, over the rows of the box; at most 255
  std::vector<uint8_t> in_columns;  // the same with the columns beyond the edges, and room to skip over the end
};

/// The mean of a box with `count` pixels of `level`, rounded as in OpenCV's `blur`: up to 256 pixels by a product with
/// 16 fraction bits, which is a level too high just below some ties.
uint8_t mean_of_box(int level, int count, int area) {
  const int sum = level * count;
  if (area == 1) return static_cast<uint8_t>(sum);
  if (area > 256) return nearest_byte(sum * (1.0 / area));
  const double factor = 65536.0 / area;
  const bool rounds_down = factor - std::floor(factor) < 0.5;
  const int whole = static_cast<int>(factor) + (rounds_down ? 0 : 1);
  return static_cast<uint8_t>(((sum + area / 2 + (rounds_down ? 1 : 0)) * whole) >> 16);
}

/// Levels that drops add to each channel, by the count of covered pixels.
std::vector<std::array<uint8_t, 3>> added_levels(const cimaging_rain &rain) {
  const int area = rain.blur * rain.blur;
  std::vector<std::array<uint8_t, 3>> levels(static_cast<size_t>(area) + 1);
  for (int count = 0; count <= area; ++count) {
    for (size_t channel = 0; channel < 3; ++channel) {
      levels[static_cast<size_t>(count)][channel] = mean_of_box(rain.color[channel], count, area);
    }
  }
  return levels;
}

void add_rain(const View &input, View &output, const cimaging_rain &rain) {
  const auto levels = added_levels(rain);
  Drops drops(input, rain);
  for (int y = 0; y < input.height; ++y) {
    const uint8_t *from = input.row(y);
    uint8_t *to = output.row(y);
    drops.count_row(y, [&](size_t x, unsigned count) {
      for (size_t channel = 0; channel < 3; ++channel) {
        const int level = from[3 * x + channel] + levels[count][channel];
        to[3 * x + channel] = rain.wet[level < 255 ? level : 255];
      }
    });
  }
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_add_rain(const cimaging_pixels *source, const cimaging_pixels *destination,
                                  const cimaging_rain *rain, cimaging_message *message) {
  using namespace cimaging;
  const cimaging_status status = cimaging_lookup(source, destination, rain->wet, message);
  if (status != CIMAGING_OK) return status;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    require(rain->blur > 0 && rain->blur < 256, "the box has 1 to 255 rows");
    add_rain(input, output, *rain);
  });
}
