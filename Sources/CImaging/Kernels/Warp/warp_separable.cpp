#include "Kernels/Warp/warp.hpp"

#include <algorithm>

using namespace cimaging;

namespace {

/// Rounds the coordinates of one axis to places.
std::vector<int32_t> places_of(const float *coordinates, int count, int scale) {
  std::vector<float> padded(padded_width(count));
  std::copy_n(coordinates, count, padded.data());
  std::vector<int32_t> result(count);
  Places places;
  each_piece(count, [&](int first, int length) {
    const float *piece = padded.data() + first;
    round_places(piece, piece, length, static_cast<float>(scale), places);
    std::copy_n(places.x, length, result.data() + first);
  });
  return result;
}

}  // namespace

cimaging_status cimaging_warp_separable(const cimaging_pixels *source, const cimaging_pixels *destination,
                                        const float *columns, const float *rows, const cimaging_resampling *resampling,
                                        cimaging_message *message) {
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    const int scale = place_scale(*resampling);
    const auto xs = places_of(columns, output.width, scale), ys = places_of(rows, output.height, scale);
    warp(input, output, *resampling, [&](int y, int first, int count, Places &places) {
      std::copy_n(xs.data() + first, count, places.x);
      std::fill_n(places.y, count, ys[y]);
    });
  });
}
