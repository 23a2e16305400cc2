#include "warp.hpp"

#include <algorithm>
#include <cmath>

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

namespace {

/// The camera of OpenCV's `initUndistortRectifyMap` with focal lengths and centre of the image's own size: it looks
/// from the middle of the pixels, (width - 1) / 2, and lands in the middle of the edges, width / 2.
void camera_row(double k, int width, int height, int y, float *map_x, float *map_y) {
  const double v = (y - (height - 1) * 0.5) / height;
  for (int x = 0; x < width; ++x) {
    const double u = (x - (width - 1) * 0.5) / width;
    const double square = u * u + v * v;
    const double factor = 1 + (k * square + k) * square;
    map_x[x] = static_cast<float>(width * (u * factor) + width * 0.5);
    map_y[x] = static_cast<float>(height * (v * factor) + height * 0.5);
  }
}

void fisheye_row(double k, int width, int height, int y, float *map_x, float *map_y) {
  const double center_x = width * 0.5, center_y = height * 0.5, down = y - center_y;
  const double strength = k / (center_x * center_x + center_y * center_y);
  for (int x = 0; x < width; ++x) {
    const double across = x - center_x;
    const double factor = 1 + strength * (across * across + down * down);
    map_x[x] = static_cast<float>(across * factor + center_x);
    map_y[x] = static_cast<float>(down * factor + center_y);
  }
}

}  // namespace

void cimaging_lens_row(const cimaging_lens *lens, int32_t width, int32_t height, int32_t y, float *map_x,
                       float *map_y) {
  if (lens->is_fisheye) {
    fisheye_row(lens->k, width, height, y, map_x, map_y);
  } else {
    camera_row(static_cast<float>(lens->k), width, height, y, map_x, map_y);
  }
}

cimaging_status cimaging_warp_lens(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_lens *lens, const cimaging_resampling *resampling,
                                   cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    cimaging::warp_rows(input, output, *resampling, [&](int y, float *map_x, float *map_y) {
      cimaging_lens_row(lens, input.cols, input.rows, y, map_x, map_y);
    });
  });
}

cimaging_status cimaging_perspective_matrix(const float *from, const float *to, double *matrix,
                                            cimaging_message *message) {
  return cimaging::guarded(message, [&] {
    cv::Point2f corners[4], targets[4];
    for (int i = 0; i < 4; ++i) {
      corners[i] = cv::Point2f(from[2 * i], from[2 * i + 1]);
      targets[i] = cv::Point2f(to[2 * i], to[2 * i + 1]);
    }
    const cv::Mat result = cv::getPerspectiveTransform(corners, targets);
    std::copy(result.ptr<double>(), result.ptr<double>() + 9, matrix);
  });
}

cimaging_status cimaging_warp_perspective(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const double *matrix, const cimaging_resampling *resampling,
                                          cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    cimaging::require_warpable(input);
    cimaging::require_warpable(output);
    cv::warpPerspective(input, output, cv::Mat(3, 3, CV_64F, const_cast<double *>(matrix)), output.size(),
                        resampling->interpolation, resampling->border_mode, cimaging::fill_of(*resampling));
  });
}
