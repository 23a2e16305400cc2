#include <algorithm>

#include "simd.hpp"
#include "Kernels/Warp/project.hpp"
#include "Kernels/Warp/warp.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Warp/warp_perspective.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

namespace {

/// Rounds half to even: the low bits of the sum with 1.5 × 2⁵².
template <class D, class V>
hn::Vec<hn::Rebind<int32_t, D>> rounded(D doubles, V value) {
  const hn::Rebind<uint32_t, D> halves;
  const V clamped = hn::Min(hn::Set(doubles, 2147483647.0), hn::Max(hn::Set(doubles, -2147483648.0), value));
  const V sum = hn::Add(clamped, hn::Set(doubles, 0x1.8p52));
  const auto low = hn::TruncateTo(halves, hn::BitCast(hn::RebindToUnsigned<D>(), sum));
  return hn::BitCast(hn::Rebind<int32_t, D>(), low);
}

void project(const double *m, int scale, int row, int first, int count, Places &places) {
  const hn::CappedTag<double, 16> doubles;
  const hn::Rebind<int32_t, decltype(doubles)> integers;
  const auto x0 = hn::Set(doubles, m[1] * row + m[2]), y0 = hn::Set(doubles, m[4] * row + m[5]);
  const auto w0 = hn::Set(doubles, m[7] * row + m[8]);
  const auto right_x = hn::Set(doubles, m[0]), right_y = hn::Set(doubles, m[3]), right_w = hn::Set(doubles, m[6]);
  const auto unit = hn::Set(doubles, scale), zero = hn::Zero(doubles);
  for (int i = 0; i < count; i += static_cast<int>(hn::Lanes(doubles))) {
    const auto column = hn::Iota(doubles, first + i);
    const auto depth = hn::Add(hn::Mul(right_w, column), w0);
    const auto factor = hn::IfThenZeroElse(hn::Eq(depth, zero), hn::Div(unit, depth));
    const auto x = hn::Mul(hn::Add(hn::Mul(right_x, column), x0), factor);
    const auto y = hn::Mul(hn::Add(hn::Mul(right_y, column), y0), factor);
    hn::Store(rounded(doubles, x), integers, places.x + i);
    hn::Store(rounded(doubles, y), integers, places.y + i);
  }
}

}  // namespace

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(project);

void project(const double *inverse, int scale, int row, int first, int count, Places &places) {
  HWY_DYNAMIC_DISPATCH(project)(inverse, scale, row, first, count, places);
}

}  // namespace cimaging

cimaging_status cimaging_perspective_matrix(const float *from, const float *to, double *matrix,
                                            cimaging_message *message) {
  return cimaging::guarded(message, [&] { std::ranges::copy(cimaging::opencv::perspective(from, to), matrix); });
}

cimaging_status cimaging_warp_perspective(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const double *matrix, const cimaging_resampling *resampling,
                                          cimaging_message *message) {
  using namespace cimaging;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    const auto inverse = opencv::inverse(matrix);
    warp(input, output, *resampling, [&](int y, int first, int count, Places &places) {
      project(inverse.data(), place_scale(*resampling), y, first, count, places);
    });
  });
}

#endif
