#include "Kernels/Geometry/area_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "Kernels/Geometry/interpolation.hpp"
#include "simd.hpp"  // products and sums are not fused

namespace cimaging {
namespace {

bool is_whole(double factor) { return std::abs(factor - std::rint(factor)) < std::numeric_limits<double>::epsilon(); }

/// Less than a thousandth of a column or row does not count.
AreaTaps area_taps(int from, int to) {
  constexpr double least = 1e-3;
  const double scale = interpolation::scale(from, to);
  AreaTaps taps(to, static_cast<size_t>(std::ceil(scale)) + 1);
  for (int i = 0; i < to; ++i) {
    const double begin = i * scale, end = begin + scale, length = std::min(scale, from - begin);
    const int last = std::min(static_cast<int>(std::floor(end)), from - 1);
    const int first = std::min(static_cast<int>(std::ceil(begin)), last);
    float *weights = &taps.weights[static_cast<size_t>(i) * taps.count];
    const bool has_part = first - begin > least;
    taps.places.push_back(has_part ? first - 1 : first);
    if (has_part) *weights++ = static_cast<float>((first - begin) / length);
    weights = std::fill_n(weights, last - first, static_cast<float>(1 / length));
    if (end - last > least) *weights = static_cast<float>(std::min({end - last, 1.0, length}) / length);
  }
  return taps;
}

/// A whole factor gives sums.
AreaTaps whole_taps(int from, int to) {
  const int factor = from / to;
  AreaTaps taps(to, static_cast<size_t>(factor));
  for (int i = 0; i < to; ++i) {
    taps.places.push_back(i * factor);
    std::fill_n(&taps.weights[static_cast<size_t>(i) * taps.count], factor, 1.0f);
  }
  return taps;
}

}  // namespace

double whole_area(const View &input, const View &output) {
  const double x = interpolation::scale(input.width, output.width);
  const double y = interpolation::scale(input.height, output.height);
  return is_whole(x) && is_whole(y) ? std::rint(x) * std::rint(y) : 0;
}

AreaPlan plan_areas(const View &input, const View &output) {
  const double area = whole_area(input, output);
  if (area == 0) return {area_taps(input.width, output.width), area_taps(input.height, output.height), 1};
  // OpenCV multiplies sums of a whole area.
  const auto share = 1 / static_cast<float>(area);
  return {whole_taps(input.width, output.width), whole_taps(input.height, output.height), share};
}

}  // namespace cimaging
