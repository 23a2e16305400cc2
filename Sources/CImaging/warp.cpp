#include "warp.hpp"

#include <algorithm>

#include "lens.hpp"

cimaging_status cimaging_warp_separable(const cimaging_pixels *source, const cimaging_pixels *destination,
                                        const float *columns, const float *rows,
                                        const cimaging_resampling *resampling, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    cimaging::warp_rows(input, output, *resampling, [&](int y, float *map_x, float *map_y) {
      std::copy(columns, columns + output.cols, map_x);
      std::fill(map_y, map_y + output.cols, rows[y]);
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
