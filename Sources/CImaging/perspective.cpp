#include <algorithm>
#include <bit>

#include "warp.hpp"

namespace {

/// Vectors as wide as the processor has them; products are rounded as everywhere, since these have no fused ones.
#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

/// Pixels that are worked on together.
constexpr int block = 1024;

/// Nearest whole number, ties to even: the low bits of the sum with 1.5 times 2 to the 52nd. Compilers make vectors of
/// it, and none of lrint.
inline int32_t rounded(double value) {
  const double clamped = std::min(std::max(value, -2147483648.0), 2147483647.0);
  return static_cast<int32_t>(std::bit_cast<int64_t>(clamped + 0x1.8p52));
}

inline int16_t shortened(int32_t value) { return static_cast<int16_t>(std::min(std::max(value, -32768), 32767)); }

/// Where `count` pixels of row `row` from column `first` on are taken from, in parts of a pixel, `scale` to each.
WIDE void project(const double *m, int scale, int row, int first, int count, int32_t *x, int32_t *y) {
  const double x0 = m[1] * row + m[2], y0 = m[4] * row + m[5], w0 = m[7] * row + m[8];
  for (int i = 0; i < count; ++i) {
    const double column = first + i, depth = m[6] * column + w0;
    const double factor = depth != 0 ? scale / depth : 0;
    x[i] = rounded((m[0] * column + x0) * factor);
    y[i] = rounded((m[3] * column + y0) * factor);
  }
}

/// Whole pixels as `remap` takes them.
WIDE void store(const int32_t *x, const int32_t *y, int count, int16_t *whole) {
  for (int i = 0; i < count; ++i) {
    whole[2 * i] = shortened(x[i]);
    whole[2 * i + 1] = shortened(y[i]);
  }
}

/// Whole pixels and 32nds.
WIDE void store(const int32_t *x, const int32_t *y, int count, int16_t *whole, uint16_t *fraction) {
  for (int i = 0; i < count; ++i) {
    whole[2 * i] = shortened(x[i] >> cv::INTER_BITS);
    whole[2 * i + 1] = shortened(y[i] >> cv::INTER_BITS);
    fraction[i] = static_cast<uint16_t>((y[i] & 31) * 32 + (x[i] & 31));
  }
}

}  // namespace

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
    cv::Mat inverse, whole, fraction;
    cv::invert(cv::Mat(3, 3, CV_64F, const_cast<double *>(matrix)), inverse);
    const bool is_nearest = resampling->interpolation == cv::INTER_NEAREST;
    int32_t places_x[block], places_y[block];
    cimaging::each_strip(output, [&](cv::Range rows) {
      whole.create(rows.size(), output.cols, CV_16SC2);
      if (!is_nearest) fraction.create(rows.size(), output.cols, CV_16U);
      for (int y = rows.start; y < rows.end; ++y) {
        for (int x = 0; x < output.cols; x += block) {
          const int count = std::min(block, output.cols - x);
          int16_t *whole_row = whole.ptr<int16_t>(y - rows.start) + 2 * x;
          project(inverse.ptr<double>(), is_nearest ? 1 : cv::INTER_TAB_SIZE, y, x, count, places_x, places_y);
          if (is_nearest) {
            store(places_x, places_y, count, whole_row);
          } else {
            store(places_x, places_y, count, whole_row, fraction.ptr<uint16_t>(y - rows.start) + x);
          }
        }
      }
      cv::Mat strip = output.rowRange(rows);
      cv::remap(input, strip, whole, fraction, resampling->interpolation, resampling->border_mode,
                cimaging::fill_of(*resampling));
    });
  });
}
