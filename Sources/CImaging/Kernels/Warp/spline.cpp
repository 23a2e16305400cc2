#include <algorithm>
#include <cmath>
#include <vector>

#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_warp.h"

using namespace cimaging;

namespace {

/// Of the distance of two controls.
double kernel(double across, double down) {
  const double square = across * across + down * down;
  return square * square * std::log(square + 1e-6);
}

}  // namespace

cimaging_status cimaging_spline(const double *x, const double *y, int32_t count, double *to_x, double *to_y,
                                double *affine, cimaging_message *message) {
  return guarded(message, [&] {
    const size_t side = static_cast<size_t>(count) + 3;
    std::vector<double> matrix(side * side), values(2 * side);
    for (int i = 0; i < count; ++i) {
      double *row = matrix.data() + i * side;
      for (int j = 0; j < count; ++j) row[j] = kernel(x[i] - x[j], y[i] - y[j]);
      row[count] = 1, row[count + 1] = x[i], row[count + 2] = y[i];
      for (int k = 0; k < 3; ++k) matrix[(count + k) * side + i] = row[count + k];
      values[2 * i] = to_x[i], values[2 * i + 1] = to_y[i];
    }
    opencv::solve(matrix.data(), values.data(), static_cast<int>(side), 2);
    for (int i = 0; i < count; ++i) to_x[i] = values[2 * i], to_y[i] = values[2 * i + 1];
    std::copy_n(values.data() + 2 * count, 6, affine);
  });
}
