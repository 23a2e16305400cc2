#include <algorithm>
#include <vector>

#include "Kernels/Warp/warp.hpp"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Warp/warp_controls.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

namespace {

using Floats = hn::CappedTag<float, 16>;  // rows have room for a multiple of 16
using Float = hn::Vec<Floats>;

HWY_INLINE Float constant(float value) { return hn::Set(Floats(), value); }

/// The natural logarithm of a normal number, with a relative error below 1e-7: ln m + e ln 2 with m from √½ to √2.
HWY_INLINE Float logarithm(Float value) {
  const Floats floats;
  const hn::RebindToSigned<Floats> integers;
  const auto bits = hn::BitCast(integers, value);
  const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(integers, 0x3F3504F3)));
  const Float t = hn::Sub(hn::BitCast(floats, hn::Sub(bits, hn::ShiftLeft<23>(exponent))), constant(1));
  // ln(1 + t) = t - t² / 2 + t³ p(t), with p fitted to the least relative error.
  Float sum = constant(0.08700448f);
  for (const float coefficient : {-0.14267495f, 0.14914766f, -0.16577584f, 0.19963063f, -0.25001338f, 0.3333391f}) {
    sum = hn::Add(hn::Mul(sum, t), constant(coefficient));
  }
  const Float square = hn::Mul(t, t);
  const Float rest = hn::Sub(hn::Mul(sum, hn::Mul(square, t)), hn::Mul(constant(0.5f), square));
  return hn::Add(hn::Mul(hn::ConvertTo(floats, exponent), constant(0.6931472f)), hn::Add(rest, t));
}

struct Sums {
  Float x, y;
};

/// The squared distances of a row's pixels from a control.
HWY_INLINE Float square_distance(const cimaging_controls &controls, int i, Float x, float y) {
  const Float across = hn::Sub(x, constant(controls.x[i]));
  const float down = y - controls.y[i];
  return hn::Add(hn::Mul(across, across), constant(down * down));
}

/// The mean of the places that the controls are sampled at, weighted by inverse squares of distances.
HWY_INLINE Sums mean_place(const cimaging_controls &controls, Float x, float y) {
  const Floats floats;
  Float weights = hn::Zero(floats), sum_x = weights, sum_y = weights;
  for (int i = 0; i < controls.count; ++i) {
    const Float square = square_distance(controls, i, x, y);
    const Float weight = hn::Div(constant(1), hn::Add(square, constant(1e-8f)));
    weights = hn::Add(weights, weight);
    sum_x = hn::Add(sum_x, hn::Mul(weight, constant(controls.to_x[i])));
    sum_y = hn::Add(sum_y, hn::Mul(weight, constant(controls.to_y[i])));
  }
  return {hn::Div(sum_x, weights), hn::Div(sum_y, weights)};
}

/// The spline at places relative to the size of the image.
HWY_INLINE Sums spline_place(const cimaging_controls &controls, Float x, float y) {
  const Floats floats;
  Float sum_x = hn::Zero(floats), sum_y = sum_x;
  for (int i = 0; i < controls.count; ++i) {
    const Float square = square_distance(controls, i, x, y);
    const Float kernel = hn::Mul(square, logarithm(hn::Add(square, constant(1e-6f))));
    sum_x = hn::Add(sum_x, hn::Mul(kernel, constant(controls.to_x[i])));
    sum_y = hn::Add(sum_y, hn::Mul(kernel, constant(controls.to_y[i])));
  }
  const float *m = controls.affine;
  const Float line_x = hn::Add(hn::Mul(constant(m[2]), x), constant(m[0] + m[4] * y));
  const Float line_y = hn::Add(hn::Mul(constant(m[3]), x), constant(m[1] + m[5] * y));
  return {hn::Add(sum_x, line_x), hn::Add(sum_y, line_y)};
}

void inverse_squares_row(const cimaging_controls &controls, int width, int height, int y, float *map_x, float *map_y) {
  const Floats floats;
  const hn::RebindToSigned<Floats> integers;
  const Float zero = hn::Zero(floats);
  const Float right = constant(static_cast<float>(width - 1)), bottom = constant(static_cast<float>(height - 1));
  for (int i = 0; i < width; i += static_cast<int>(hn::Lanes(floats))) {
    const Float x = hn::ConvertTo(floats, hn::Iota(integers, i));
    const Sums place = mean_place(controls, x, static_cast<float>(y));
    hn::StoreU(hn::Min(hn::Max(place.x, zero), right), floats, map_x + i);
    hn::StoreU(hn::Min(hn::Max(place.y, zero), bottom), floats, map_y + i);
  }
}

void spline_row(const cimaging_controls &controls, int width, int height, int y, float *map_x, float *map_y) {
  const Floats floats;
  const hn::RebindToSigned<Floats> integers;
  const Float across = constant(static_cast<float>(width)), down = constant(static_cast<float>(height));
  for (int i = 0; i < width; i += static_cast<int>(hn::Lanes(floats))) {
    const Float x = hn::Div(hn::ConvertTo(floats, hn::Iota(integers, i)), across);
    const Sums place = spline_place(controls, x, static_cast<float>(y) / static_cast<float>(height));
    hn::StoreU(hn::Mul(place.x, across), floats, map_x + i);
    hn::StoreU(hn::Mul(place.y, down), floats, map_y + i);
  }
}

}  // namespace

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(inverse_squares_row);
HWY_EXPORT(spline_row);

namespace {

/// Writes the places of row `y`, and perhaps as far as a multiple of 16.
void controls_row(const cimaging_controls &controls, int width, int height, int y, float *map_x, float *map_y) {
  if (controls.affine == nullptr) {
    HWY_DYNAMIC_DISPATCH(inverse_squares_row)(controls, width, height, y, map_x, map_y);
  } else {
    HWY_DYNAMIC_DISPATCH(spline_row)(controls, width, height, y, map_x, map_y);
  }
}

}  // namespace

}  // namespace cimaging

using namespace cimaging;

cimaging_status cimaging_warp_controls(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const cimaging_controls *controls, const cimaging_resampling *resampling,
                                       cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    warp_rows(input, output, *resampling, [&](int y, float *map_x, float *map_y) {
      controls_row(*controls, input.width, input.height, y, map_x, map_y);
    });
  });
}

cimaging_status cimaging_controls_map(const cimaging_controls *controls, int32_t width, int32_t height, float *map_x,
                                      float *map_y, cimaging_message *message) {
  return guarded(message, [&] {
    std::vector<float> row_x(padded_width(width)), row_y(padded_width(width));
    for (int y = 0; y < height; ++y) {
      controls_row(*controls, width, height, y, row_x.data(), row_y.data());
      const size_t first = static_cast<size_t>(y) * static_cast<size_t>(width);
      std::copy_n(row_x.data(), width, map_x + first);
      std::copy_n(row_y.data(), width, map_y + first);
    }
  });
}

#endif
