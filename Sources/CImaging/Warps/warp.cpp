#include "Warps/warp.hpp"

#include <algorithm>

#include "Warps/lens.hpp"

namespace {

/// Places on one axis.
std::vector<int32_t> places_of(const float *coordinates, int count, int scale) {
  std::vector<float> padded(cimaging::padded_width(count));
  std::copy_n(coordinates, count, padded.data());
  std::vector<int32_t> result(count);
  cimaging::Places places;
  cimaging::each_piece(count, [&](int first, int length) {
    const float *piece = padded.data() + first;
    cimaging::round_places(piece, piece, length, static_cast<float>(scale), places);
    std::copy_n(places.x, length, result.data() + first);
  });
  return result;
}

}  // namespace

cimaging_status cimaging_warp_separable(const cimaging_pixels *source, const cimaging_pixels *destination,
                                        const float *columns, const float *rows,
                                        const cimaging_resampling *resampling, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    const int scale = cimaging::place_scale(*resampling);
    const auto xs = places_of(columns, output.cols, scale), ys = places_of(rows, output.rows, scale);
    cimaging::warp(input, output, *resampling, [&](int y, int first, int count, cimaging::Places &places) {
      std::copy_n(xs.data() + first, count, places.x);
      std::fill_n(places.y, count, ys[y]);
    });
  });
}

cimaging_status cimaging_warp_lens(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_lens *lens, const cimaging_resampling *resampling,
                                   cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    const cimaging::Lens model(*lens, output.cols, output.rows);
    cimaging::warp_rows(input, output, *resampling,
                        [&](int y, float *map_x, float *map_y) { model.row(y, map_x, map_y); });
  });
}
