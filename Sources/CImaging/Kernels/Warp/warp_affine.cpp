#include <algorithm>
#include <cmath>
#include <vector>

#include "Kernels/Warp/warp.hpp"

namespace {

/// OpenCV's `warpAffine` works in 1024ths of a pixel: a column term plus a row term, each rounded.
constexpr int bits = 10;

/// Rounds half to even; values out of range become INT32_MIN, as with the processor's conversion instruction.
int32_t fixed(double value) {
  const double nearest = std::nearbyint(value * (1 << bits));
  return nearest >= INT32_MIN && nearest <= INT32_MAX ? static_cast<int32_t>(nearest) : INT32_MIN;
}

/// The inverse map, from output to source, with OpenCV's order of operations.
struct Inverse {
  explicit Inverse(const double *m) {
    const double determinant = m[0] * m[4] - m[1] * m[3];
    const double scale = determinant != 0 ? 1 / determinant : 0;
    xx = m[4] * scale, xy = m[1] * -scale, yx = m[3] * -scale, yy = m[0] * scale;
    x0 = -xx * m[2] - xy * m[5], y0 = -yx * m[2] - yy * m[5];
  }

  double xx, xy, x0, yx, yy, y0;
};

int32_t place(int64_t row, int64_t column, int shift) {
  const int64_t sum = (row + column + (int64_t{1} << (shift - 1))) >> shift;
  return static_cast<int32_t>(std::clamp<int64_t>(sum, INT32_MIN, INT32_MAX));
}

}  // namespace

cimaging_status cimaging_warp_affine(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const double *matrix, const cimaging_resampling *resampling,
                                     cimaging_message *message) {
  using namespace cimaging;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    require_warpable(output);
    const Inverse inverse(matrix);
    // To 32nds of a pixel, or to the nearest pixel.
    const int shift = place_scale(*resampling) == 1 ? bits : bits - cimaging::fraction_bits;
    std::vector<int32_t> across(output.width), along(output.width);
    for (int x = 0; x < output.width; ++x) across[x] = fixed(inverse.xx * x), along[x] = fixed(inverse.yx * x);
    warp(input, output, *resampling, [&](int y, int first, int count, Places &places) {
      const int64_t row_x = fixed(inverse.xy * y + inverse.x0), row_y = fixed(inverse.yy * y + inverse.y0);
      for (int i = 0; i < count; ++i) {
        places.x[i] = place(row_x, across[first + i], shift);
        places.y[i] = place(row_y, along[first + i], shift);
      }
    });
  });
}
