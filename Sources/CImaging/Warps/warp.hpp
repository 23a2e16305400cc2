#ifndef CIMAGING_WARP_HPP
#define CIMAGING_WARP_HPP

#include <climits>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "guard.hpp"
#include "include/cimaging_transforms.h"
#include "Warps/remap.hpp"
#include "Warps/strips.hpp"

namespace cimaging {

/// OpenCV keeps coordinates in 16 bits.
inline void require_warpable(const cv::Mat &image) {
  if (image.cols >= SHRT_MAX || image.rows >= SHRT_MAX) {
    CV_Error(cv::Error::StsOutOfRange, "a warp takes images of up to 32766 pixels a side");
  }
}

/// Parts of a pixel that places are given in.
inline int place_scale(const cimaging_resampling &resampling) {
  return resampling.interpolation == cv::INTER_NEAREST ? 1 : cv::INTER_TAB_SIZE;
}

/// As `warp`, by OpenCV.
template <typename Locate>
void warp_by_opencv(const cv::Mat &input, cv::Mat &output, const cimaging_resampling &resampling, Locate locate) {
  cv::Mat whole, fraction;
  Places places;
  each_strip(output, [&](cv::Range rows) {
    whole.create(rows.size(), output.cols, CV_16SC2);
    fraction.create(rows.size(), output.cols, CV_16U);
    for (int y = rows.start; y < rows.end; ++y) {
      auto *whole_row = whole.ptr<int16_t>(y - rows.start);
      auto *fraction_row = fraction.ptr<uint16_t>(y - rows.start);
      each_piece(output.cols, [&](int first, int count) {
        locate(y, first, count, places);
        split_places(places, count, whole_row + 2 * first, fraction_row + first);
      });
    }
    cv::Mat strip = output.rowRange(rows);
    cv::remap(input, strip, whole, fraction, resampling.interpolation, resampling.border_mode,
              cv::Scalar(resampling.fill[0], resampling.fill[1], resampling.fill[2]));
  });
}

/// Samples `input` where `locate(y, first, count, places)` says for `count` pixels of row y from column `first` on.
template <typename Locate>
void warp(const cv::Mat &input, cv::Mat &output, const cimaging_resampling &resampling, Locate locate) {
  require_warpable(input);
  if (!Remap::takes(input, resampling)) {
    warp_by_opencv(input, output, resampling, locate);
    return;
  }
  Remap remap(input, resampling);
  Places places;
  for (int y = 0; y < output.rows; ++y) {
    each_piece(output.cols, [&](int first, int count) {
      locate(y, first, count, places);
      remap.sample(places, count, output.ptr(y) + static_cast<size_t>(first) * output.channels());
    });
  }
}

/// Samples `input` where `map_row(y, map_x, map_y)` says for each row.
template <typename MapRow>
void warp_rows(const cv::Mat &input, cv::Mat &output, const cimaging_resampling &resampling, MapRow map_row) {
  const auto scale = static_cast<float>(place_scale(resampling));
  std::vector<float> map_x(padded_width(output.cols)), map_y(padded_width(output.cols));
  warp(input, output, resampling, [&](int y, int first, int count, Places &places) {
    if (first == 0) map_row(y, map_x.data(), map_y.data());
    round_places(map_x.data() + first, map_y.data() + first, count, scale, places);
  });
}

}  // namespace cimaging

#endif
