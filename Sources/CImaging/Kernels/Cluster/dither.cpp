#include "guard.hpp"
#include "include/cimaging_cluster.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Cluster/dither.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Cluster/scores-inl.hpp"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {

/// The errors of one row's pixels, in sixteenths of a level, which take the place of the row before one by one.
template <int channels>
class ErrorRow {
 public:
  /// `errors` belongs to the pixel before the first.
  ErrorRow(int16_t *errors, int direction) : next(errors), step(direction * channels) {
    for (int channel = 0; channel < channels; ++channel) ahead[channel] = below[channel] = corner[channel] = 0;
  }

  /// What the next pixel has been given, in whole levels.
  HWY_INLINE int given(int channel) const { return (next[step + channel] + ahead[channel] + 8) >> 4; }

  /// Shares the error of the next pixel: 7/16 to the one after it, and 3/16, 5/16 and 1/16 to those below.
  HWY_INLINE void share(int channel, int error) {
    ahead[channel] = 7 * error;
    next[channel] = static_cast<int16_t>(below[channel] + 3 * error);
    below[channel] = corner[channel] + 5 * error;
    corner[channel] = error;
  }

  HWY_INLINE void move() { next += step; }

  /// Stores what the last pixel has been given from the one before it and from itself.
  HWY_INLINE void finish() {
    for (int channel = 0; channel < channels; ++channel) next[channel] = static_cast<int16_t>(below[channel]);
  }

 private:
  int16_t *next;  // of the pixel before the next one
  int step;
  int ahead[channels], below[channels], corner[channels];
};

struct DitherRow {
  const uint8_t *pixel;
  uint8_t *result;
  int width, direction;
};

template <int channels>
HWY_INLINE void dither_row(DitherRow row, const cimaging_clusters &clusters, const uint32_t *palette, int16_t *errors) {
  const size_t padded_count = padded(clusters.count);
  ErrorRow<channels> spread(errors, row.direction);
  for (int x = 0; x < row.width; ++x) {
    int levels[channels];
    for (int channel = 0; channel < channels; ++channel) {
      levels[channel] = std::clamp(row.pixel[channel] + spread.given(channel), 0, 255);
    }
    const auto wanted = Color::all(levels[0], levels[channels / 2], levels[channels - 1]);
    const uint32_t color = palette[nearest(clusters, padded_count, wanted)];
    for (int channel = 0; channel < channels; ++channel) {
      const int level = static_cast<int>(color >> (8 * channel) & 255);
      row.result[channel] = static_cast<uint8_t>(level);
      spread.share(channel, levels[channel] - level);
    }
    spread.move();
    row.pixel += row.direction * channels;
    row.result += row.direction * channels;
  }
  spread.finish();
}

template <int channels>
void dither_rows(const View &pixels, const cimaging_clusters &clusters, const uint32_t *palette, int16_t *errors,
                 uint8_t *result) {
  std::fill_n(errors, (pixels.width + 2) * channels, int16_t{0});
  for (int y = 0; y < pixels.height; ++y) {
    const bool is_forward = y % 2 == 0;
    const size_t first = is_forward ? 0 : pixels.row_length() - channels;
    const DitherRow row = {pixels.row(y) + first, result + static_cast<size_t>(y) * pixels.row_length() + first,
                           pixels.width, is_forward ? 1 : -1};
    dither_row<channels>(row, clusters, palette, errors + (is_forward ? 0 : (pixels.width + 1) * channels));
  }
}

void dither(const View &pixels, const cimaging_clusters &clusters, const uint32_t *palette, int16_t *errors,
            uint8_t *result) {
  if (pixels.channels == 3) {
    dither_rows<3>(pixels, clusters, palette, errors, result);
  } else {
    dither_rows<1>(pixels, clusters, palette, errors, result);
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(dither);
}  // namespace cimaging

void cimaging_dither(const cimaging_pixels *pixels, const cimaging_clusters *clusters, const uint32_t *palette,
                     int16_t *errors, uint8_t *result) {
  using namespace cimaging;
  HWY_DYNAMIC_DISPATCH(dither)(view(pixels), *clusters, palette, errors, result);
}

#endif
