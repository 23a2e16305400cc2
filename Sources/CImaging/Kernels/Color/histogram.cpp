#include "Kernels/Color/histogram.hpp"

#include "guard.hpp"
#include "include/cimaging_color.h"

namespace {

template <int channels>
void count(const cimaging::View &image, uint64_t *counts) {
  cimaging::LevelCounts<channels> levels;
  for (int y = 0; y < image.height; ++y) levels.add(image.row(y), image.row_length());
  levels.sum(counts);
}

}  // namespace

cimaging_status cimaging_histograms(const cimaging_pixels *source, uint64_t *counts, cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    const View input = view(source);
    if (input.channels == 1) return count<1>(input, counts);
    require_color(input);
    count<3>(input, counts);
  });
}
