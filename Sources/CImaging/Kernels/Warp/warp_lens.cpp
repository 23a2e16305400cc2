#include <algorithm>
#include <vector>

#include "Kernels/Warp/warp.hpp"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Warp/warp_lens.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef CIMAGING_LENS_MODEL
#define CIMAGING_LENS_MODEL

namespace cimaging {

/// A pixel at distance r from the centre is sampled (1 + (fourth r² + second) r²) times as far from it in the source.
/// Distances are in pixels divided by the size.
struct LensModel {
  double fourth, second;
  double width, height;
  double middle_x, middle_y;  // the centre in the destination
  double center_x, center_y;  // the centre in the source
};

}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

namespace {

/// Uses the order of operations of OpenCV's `initUndistortRectifyMap`, so that coordinates are bit-identical.
void lens_row(const LensModel &model, const double *columns, size_t count, double v, float *map_x, float *map_y) {
  const hn::CappedTag<double, 16> doubles;
  const hn::Rebind<float, decltype(doubles)> floats;
  const auto fourth = hn::Set(doubles, model.fourth), second = hn::Set(doubles, model.second);
  const auto one = hn::Set(doubles, 1.0), down = hn::Set(doubles, v), down_square = hn::Set(doubles, v * v);
  const auto width = hn::Set(doubles, model.width), height = hn::Set(doubles, model.height);
  const auto center_x = hn::Set(doubles, model.center_x), center_y = hn::Set(doubles, model.center_y);
  for (size_t i = 0; i < count; i += hn::Lanes(doubles)) {
    const auto across = hn::LoadU(doubles, columns + i);
    const auto square = hn::Add(hn::Mul(across, across), down_square);
    const auto change = hn::Mul(hn::Add(hn::Mul(fourth, square), second), square);
    const auto factor = hn::Add(one, change);
    const auto x = hn::Add(hn::Mul(width, hn::Mul(across, factor)), center_x);
    const auto y = hn::Add(hn::Mul(height, hn::Mul(down, factor)), center_y);
    hn::StoreU(hn::DemoteTo(floats, x), floats, map_x + i);
    hn::StoreU(hn::DemoteTo(floats, y), floats, map_y + i);
  }
}

}  // namespace

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(lens_row);

namespace {

/// The camera of OpenCV's `initUndistortRectifyMap` with focal lengths and centre derived from the image size. The
/// centre is (width - 1) / 2 in the destination, but width / 2 in the source.
LensModel camera(double k, double width, double height) {
  return {k, k, width, height, (width - 1) * 0.5, (height - 1) * 0.5, width * 0.5, height * 0.5};
}

LensModel fisheye(double k, double width, double height) {
  const double center_x = width * 0.5, center_y = height * 0.5;
  const double strength = k / (center_x * center_x + center_y * center_y);
  return {0, strength, 1, 1, center_x, center_y, center_x, center_y};
}

LensModel model_of(const cimaging_lens &lens, int width, int height) {
  return lens.is_fisheye ? fisheye(lens.k, width, height) : camera(static_cast<float>(lens.k), width, height);
}

double distance_of(const LensModel &model, int column) { return (column - model.middle_x) / model.width; }

void model_row(const LensModel &model, const double *columns, size_t count, int y, float *map_x, float *map_y) {
  const double v = (y - model.middle_y) / model.height;
  HWY_DYNAMIC_DISPATCH(lens_row)(model, columns, count, v, map_x, map_y);
}

void warp(const View &input, View &output, const LensModel &model, const cimaging_resampling &resampling) {
  std::vector<double> columns(padded_width(output.width));
  for (int x = 0; x < output.width; ++x) columns[x] = distance_of(model, x);
  warp_rows(input, output, resampling, [&](int y, float *map_x, float *map_y) {
    model_row(model, columns.data(), columns.size(), y, map_x, map_y);
  });
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_warp_radial(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const cimaging_radial *radial, const cimaging_resampling *resampling,
                                     cimaging_message *message) {
  using namespace cimaging;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    const double width = output.width, height = output.height, x = width * 0.5, y = height * 0.5;
    warp(input, output, {radial->fourth, radial->second, width, height, x, y, x, y}, *resampling);
  });
}

cimaging_status cimaging_warp_lens(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_lens *lens, const cimaging_resampling *resampling,
                                   cimaging_message *message) {
  using namespace cimaging;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    warp(input, output, model_of(*lens, output.width, output.height), *resampling);
  });
}

void cimaging_lens_row(const cimaging_lens *lens, int32_t width, int32_t height, int32_t y, float *map_x,
                       float *map_y) {
  constexpr int capacity = cimaging::Places::capacity;
  const auto model = cimaging::model_of(*lens, width, height);
  double columns[capacity] = {};
  float piece_x[capacity], piece_y[capacity];
  cimaging::each_piece(width, [&](int first, int count) {
    for (int i = 0; i < count; ++i) columns[i] = cimaging::distance_of(model, first + i);
    cimaging::model_row(model, columns, count, y, piece_x, piece_y);
    std::copy_n(piece_x, count, map_x + first);
    std::copy_n(piece_y, count, map_y + first);
  });
}

#endif
