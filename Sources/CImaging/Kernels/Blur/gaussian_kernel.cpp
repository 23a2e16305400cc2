#include "Kernels/Blur/gaussian_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "OpenCV/opencv.hpp"

namespace cimaging {

namespace {

/// Adds terms for two neighbouring taps, split so that each tap is at most 127 and both sum to at most 128.
void add_row_terms(std::vector<RowTerm> &terms, size_t distance, int first, int second) {
  if (first + second == 0) return;
  if (std::max(first, second) < 128 && first + second <= 128) {
    return terms.push_back({distance, static_cast<uint16_t>(first | second << 8)});
  }
  add_row_terms(terms, distance, first / 2, second / 2);
  add_row_terms(terms, distance, first - first / 2, second - second / 2);
}

}  // namespace

std::vector<int> gaussian_taps(int count, double sigma) {
  const std::vector<double> exact = opencv::gaussian_taps(count, sigma);
  std::vector<int> taps(static_cast<size_t>(count));
  // The rounding error of each tap is carried to the next.
  double rest = 0;
  int middle = 256;
  for (int i = 0; i < count / 2; ++i) {
    const double wanted = exact[static_cast<size_t>(i)] * 256 + rest;
    const int tap = static_cast<int>(std::nearbyint(wanted));
    rest = wanted - tap;
    taps[static_cast<size_t>(i)] = taps[static_cast<size_t>(count - 1 - i)] = tap;
    middle -= 2 * tap;
  }
  taps[static_cast<size_t>(count / 2)] = middle;
  return taps;
}

GaussianKernel gaussian_kernel(const std::vector<int> &taps, size_t step) {
  const int count = static_cast<int>(taps.size());
  const auto tap = [&](int i) { return i < 0 || i >= count ? 0 : taps[static_cast<size_t>(i)]; };
  GaussianKernel kernel{count / 2, {}, {}};
  for (int i = 0; i < count; i += 2) {
    add_row_terms(kernel.row, static_cast<size_t>(i) * step, tap(i), tap(i + 1));
    const ColumnTerm term{static_cast<size_t>(i / 2), tap(i) | tap(i + 1) << 16, tap(i - 1) | tap(i) << 16};
    if (term.upper != 0 || term.lower != 0) kernel.column.push_back(term);
  }
  return kernel;
}

}  // namespace cimaging
