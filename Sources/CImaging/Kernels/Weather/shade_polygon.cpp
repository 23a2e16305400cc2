#include <algorithm>
#include <cstring>
#include <vector>

#include "OpenCV/drawing.hpp"
#include "guard.hpp"
#include "include/cimaging_weather.h"

namespace cimaging {

namespace {

constexpr uint8_t inside = 255;

/// The rows of a polygon in an image, as a plane of bytes.
class PolygonRows {
 public:
  PolygonRows(const int32_t *points, int count, const View &image) : corners(points, points + 2 * count) {
    const auto place = [&](int i) { return corners[2 * static_cast<size_t>(i) + 1]; };
    int lowest = place(0), highest = place(0);
    for (int i = 1; i < count; ++i) {
      lowest = std::min(lowest, place(i));
      highest = std::max(highest, place(i));
    }
    first = std::clamp(lowest, 0, image.height);
    end = std::max(first, highest < image.height ? highest + 1 : image.height);
    bytes.resize(static_cast<size_t>(image.width) * static_cast<size_t>(end - first));
    for (int i = 0; i < count; ++i) corners[2 * static_cast<size_t>(i) + 1] -= first;
    View plane{bytes.data(), image.width, end - first, 1, static_cast<size_t>(image.width)};
    if (end > first) opencv::fill_polygon(plane, corners.data(), count, inside);
  }

  const uint8_t *row(int y) const {
    return bytes.data() + bytes.size() / static_cast<size_t>(end - first) * (y - first);
  }

  int first, end;

 private:
  std::vector<int32_t> corners;
  std::vector<uint8_t> bytes;
};

/// Calls `body(first, end)` for each run of columns inside.
template <typename Body>
void each_run(const uint8_t *row, size_t width, Body body) {
  const auto find = [&](size_t from, int level) {
    const void *found = std::memchr(row + from, level, width - from);
    return found ? static_cast<size_t>(static_cast<const uint8_t *>(found) - row) : width;
  };
  for (size_t x = find(0, inside); x < width;) {
    const size_t stop = find(x, 0);
    body(x, stop);
    x = find(stop, inside);
  }
}

void shade_polygon(const View &input, View &output, const PolygonRows &polygon, const uint8_t *table) {
  const auto channels = static_cast<size_t>(input.channels);
  for (int y = 0; y < input.height; ++y) {
    const uint8_t *from = input.row(y);
    uint8_t *to = output.row(y);
    std::memcpy(to, from, input.row_length());
    if (y < polygon.first || y >= polygon.end) continue;
    each_run(polygon.row(y), static_cast<size_t>(input.width), [&](size_t first, size_t end) {
      for (size_t i = first * channels; i < end * channels; ++i) to[i] = table[from[i]];
    });
  }
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_shade_polygon(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const int32_t *corners, int32_t count, const uint8_t *table,
                                       cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(count > 0, "a polygon has corners");
    shade_polygon(input, output, PolygonRows(corners, count, input), table);
  });
}
