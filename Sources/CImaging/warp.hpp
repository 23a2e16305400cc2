#ifndef CIMAGING_WARP_HPP
#define CIMAGING_WARP_HPP

#include <opencv2/imgproc.hpp>

#include "guard.hpp"
#include "include/cimaging_transforms.h"
#include "strips.hpp"

namespace cimaging {

inline cv::Scalar fill_of(const cimaging_resampling &resampling) {
  return cv::Scalar(resampling.fill[0], resampling.fill[1], resampling.fill[2]);
}

/// OpenCV keeps coordinates in 16 bits.
inline void require_warpable(const cv::Mat &image) {
  if (image.cols >= SHRT_MAX || image.rows >= SHRT_MAX) {
    CV_Error(cv::Error::StsOutOfRange, "a warp takes images of up to 32766 pixels a side");
  }
}

/// Samples `input` where `map_row(y, map_x, map_y)` says for each row; a few rows of maps at a time, never whole ones.
template <typename MapRow>
void warp_rows(const cv::Mat &input, cv::Mat &output, const cimaging_resampling &resampling, MapRow map_row) {
  require_warpable(input);
  cv::Mat map_x, map_y;
  each_strip(output, [&](cv::Range rows) {
    map_x.create(rows.size(), output.cols, CV_32F);
    map_y.create(rows.size(), output.cols, CV_32F);
    for (int y = rows.start; y < rows.end; ++y) {
      map_row(y, map_x.ptr<float>(y - rows.start), map_y.ptr<float>(y - rows.start));
    }
    cv::Mat strip = output.rowRange(rows);
    cv::remap(input, strip, map_x, map_y, resampling.interpolation, resampling.border_mode, fill_of(resampling));
  });
}

}  // namespace cimaging

#endif
