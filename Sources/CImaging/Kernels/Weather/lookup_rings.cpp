#include <cstring>

#include "Kernels/Weather/disc.hpp"
#include "guard.hpp"
#include "include/cimaging_weather.h"

namespace cimaging {

namespace {

/// A row of an image under rings.
class RingedRow {
 public:
  RingedRow(const View &input, View &output, int y, const cimaging_rings &rings)
      : from(input.row(y)), to(output.row(y)), y(y), width(input.width), rings(rings) {}

  /// From the innermost disc outwards: what each adds to the one before, on both sides.
  void make() {
    Disc::Run inner{0, 0};
    for (size_t i = 0; i < rings.count; ++i) {
      const Disc::Run run = Disc{rings.x, rings.y, rings.radii[i]}.columns(y, width);
      if (run.first >= run.end) continue;
      if (inner.first == inner.end) inner = {run.first, run.first};
      look_up({run.first, inner.first}, i);
      look_up({inner.end, run.end}, i);
      inner = run;
    }
  }

 private:
  void look_up(Disc::Run run, size_t ring) {
    const uint8_t *tables = rings.tables + 768 * ring;
    for (size_t i = 3 * static_cast<size_t>(run.first); i < 3 * static_cast<size_t>(run.end); i += 3) {
      for (size_t channel = 0; channel < 3; ++channel) to[i + channel] = tables[256 * channel + from[i + channel]];
    }
  }

  const uint8_t *from;
  uint8_t *to;
  int y, width;
  const cimaging_rings &rings;
};

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_lookup_rings(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const cimaging_rings *rings, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    for (int y = 0; y < input.height; ++y) {
      std::memcpy(output.row(y), input.row(y), input.row_length());
      RingedRow(input, output, y, *rings).make();
    }
  });
}
