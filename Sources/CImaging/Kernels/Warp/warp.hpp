#ifndef CIMAGING_WARP_HPP
#define CIMAGING_WARP_HPP

#include <climits>
#include <vector>

#include "Kernels/Warp/remap.hpp"
#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_warp.h"

namespace cimaging {

/// OpenCV stores coordinates in 16 bits.
inline void require_warpable(const View &image) {
  require(image.width < SHRT_MAX && image.height < SHRT_MAX, "a warp takes images of up to 32766 pixels a side");
}

/// Units per pixel of a place: 1 for nearest, otherwise 32.
inline int place_scale(const cimaging_resampling &resampling) {
  return resampling.interpolation == nearest_pixel ? 1 : 1 << fraction_bits;
}

/// As `warp`, using OpenCV, in strips of rows small enough that their maps stay in the cache.
template <typename Locate>
void warp_by_opencv(const View &input, View &output, const cimaging_resampling &resampling, Locate locate) {
  const int strip = std::max(1, 8192 / output.width);
  const auto width = static_cast<size_t>(output.width);
  std::vector<int16_t> whole(2 * width * static_cast<size_t>(strip));
  std::vector<uint16_t> fraction(width * static_cast<size_t>(strip));
  Places places;
  for (int top = 0; top < output.height; top += strip) {
    const int end = std::min(top + strip, output.height);
    for (int y = top; y < end; ++y) {
      const size_t row = static_cast<size_t>(y - top) * width;
      each_piece(output.width, [&](int first, int count) {
        locate(y, first, count, places);
        split_places(places, count, whole.data() + 2 * (row + first), fraction.data() + row + first);
      });
    }
    opencv::remap(input, output, top, end, whole.data(), fraction.data(), resampling);
  }
}

/// Samples `input` at the places that `locate(y, first, count, places)` writes for `count` pixels of row y from column
/// `first` on.
template <typename Locate>
void warp(const View &input, View &output, const cimaging_resampling &resampling, Locate locate) {
  require_warpable(input);
  require_warpable(output);
  if (!Remap::takes(input, resampling)) return warp_by_opencv(input, output, resampling, locate);
  Remap remap(input, resampling);
  Places places;
  for (int y = 0; y < output.height; ++y) {
    each_piece(output.width, [&](int first, int count) {
      locate(y, first, count, places);
      remap.sample(places, count, output.row(y) + static_cast<size_t>(first) * output.channels);
    });
  }
}

/// Samples `input` at the coordinates that `map_row(y, map_x, map_y)` writes for each row.
template <typename MapRow>
void warp_rows(const View &input, View &output, const cimaging_resampling &resampling, MapRow map_row) {
  const auto scale = static_cast<float>(place_scale(resampling));
  std::vector<float> map_x(padded_width(output.width)), map_y(padded_width(output.width));
  warp(input, output, resampling, [&](int y, int first, int count, Places &places) {
    if (first == 0) map_row(y, map_x.data(), map_y.data());
    round_places(map_x.data() + first, map_y.data() + first, count, scale, places);
  });
}

}  // namespace cimaging

#endif
