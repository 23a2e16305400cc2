#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_blur.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Blur/unsharp_mask.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <vector>

#include "Kernels/Blur/floats-inl.hpp"

#ifndef CIMAGING_UNSHARP_MASK_FILTER
#define CIMAGING_UNSHARP_MASK_FILTER

namespace cimaging {
namespace {

/// Symmetric taps, as many for columns as for rows; shares are of 1, the threshold is of 255.
struct MaskFilter {
  std::vector<float> row, column;
  float alpha, threshold;

  int radius() const { return static_cast<int>(row.size() / 2); }
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Filters a row of floats from its first tap on, in OpenCV's order: up to five taps in pairs, the middle after the
/// inner pair; more from left to right.
void filter_row(const float *first, float *output, size_t count, size_t step, const std::vector<float> &taps) {
  const Floats floats;
  const size_t radius = taps.size() / 2;
  const bool is_short = taps.size() == 3 || taps.size() == 5;
  const auto tap = [&](size_t k) HWY_ATTR { return hn::Set(floats, taps[k]); };
  for (size_t i = 0; i < count; i += hn::Lanes(floats)) {
    const auto value = [&](size_t k) HWY_ATTR { return hn::LoadU(floats, first + i + k * step); };
    FloatVector sum;
    if (is_short) {
      const FloatVector pair = hn::Mul(tap(radius - 1), hn::Add(value(radius - 1), value(radius + 1)));
      sum = fused(tap(radius), value(radius), pair);
      if (radius == 2) sum = fused(tap(0), hn::Add(value(4), value(0)), sum);
    } else {
      sum = hn::Mul(tap(0), value(0));
      for (size_t k = 1; k < taps.size(); ++k) sum = fused(tap(k), value(k), sum);
    }
    hn::StoreU(sum, floats, output + i);
  }
}

/// A vector of the column filter over `rows`, from the middle outward.
HWY_INLINE FloatVector filter_column(const float *const *rows, size_t i, const std::vector<float> &taps) {
  const Floats floats;
  const size_t radius = taps.size() / 2;
  FloatVector sum = hn::Mul(hn::Set(floats, taps[radius]), hn::LoadU(floats, rows[radius] + i));
  for (size_t k = 1; k <= radius; ++k) {
    const FloatVector pair = hn::Add(hn::LoadU(floats, rows[radius + k] + i), hn::LoadU(floats, rows[radius - k] + i));
    sum = fused(hn::Set(floats, taps[radius + k]), pair, sum);
  }
  return sum;
}

/// The rows of an image on their way through the filter, each kept while others depend on it.
class UnsharpMask {
 public:
  UnsharpMask(const View &image, const MaskFilter &filter)
      : image(image),
        filter(filter),
        count(image.row_length()),
        step(static_cast<size_t>(image.channels)),
        edges(image, 0, static_cast<int>(count), filter.radius()),
        originals(image.height, filter.radius(), 1, edges.size() + slack),
        filtered(image.height, filter.radius(), 1, count + slack),
        sharpened(image.height, filter.radius(), 1, count + slack),
        softened(image.height, filter.radius(), 1, count + slack),
        mask(edges.size() + slack) {
    for (int level = 0; level < 256; ++level) shares[level] = static_cast<float>(level) / 255.0f;
  }

  /// Rows are asked for from top to bottom.
  void run(int y, uint8_t *output) {
    const int last = image.height - 1, radius = filter.radius();
    for (; masked <= std::min(y + radius, last); ++masked) {
      for (; ready <= std::min(masked + radius, last); ++ready) read(ready);
      sharpen(masked);
    }
    mix(y, output);
  }

 private:
  static constexpr size_t slack = 2 * hn::MaxLanes(Floats());

  float *original(int y) { return originals.row(y) + edges.left.size(); }

  /// Repeats the values inside, reflected, beyond both ends.
  void reflect(float *row) const {
    for (size_t k = 0; k < edges.left.size(); ++k) row[k] = row[edges.left.size() + static_cast<size_t>(edges.left[k])];
    float *inside = row + edges.left.size();
    for (size_t k = 0; k < edges.right.size(); ++k) inside[count + k] = inside[edges.right[k]];
  }

  void read(int y) {
    const uint8_t *bytes = image.row(y);
    float *row = original(y);
    for (size_t i = 0; i < count; ++i) row[i] = shares[bytes[i]];
    reflect(originals.row(y));
    filter_row(originals.row(y), filtered.row(y), count, step, filter.row);
  }

  /// Sharpens a row everywhere, and filters the mask of where it differs from its surroundings.
  void sharpen(int y) {
    const Floats floats;
    const FloatVector zero = hn::Zero(floats), one = hn::Set(floats, 1.0f), levels = hn::Set(floats, 255.0f);
    const float *own = original(y), *const *rows = filtered.about(y);
    float *sharp = sharpened.row(y), *marks = mask.data() + edges.left.size();
    for (size_t i = 0; i < count; i += hn::Lanes(floats)) {
      const FloatVector value = hn::LoadU(floats, own + i);
      const FloatVector rest = hn::Sub(value, filter_column(rows, i, filter.column));
      const auto is_edge = hn::Gt(hn::Mul(hn::Abs(rest), levels), hn::Set(floats, filter.threshold));
      const FloatVector added = hn::Add(value, hn::Mul(hn::Set(floats, filter.alpha), rest));
      hn::StoreU(hn::Min(hn::Max(added, zero), one), floats, sharp + i);
      hn::StoreU(hn::IfThenElseZero(is_edge, one), floats, marks + i);
    }
    reflect(mask.data());
    filter_row(mask.data(), softened.row(y), count, step, filter.row);
  }

  void mix(int y, uint8_t *output) {
    const Floats floats;
    const hn::Rebind<uint8_t, Floats> bytes;
    const FloatVector one = hn::Set(floats, 1.0f), levels = hn::Set(floats, 255.0f);
    const float *own = original(y), *sharp = sharpened.row(y), *const *rows = softened.about(y);
    const size_t lanes = hn::Lanes(floats);
    for (size_t i = 0; i < count; i += lanes) {
      const FloatVector soft = filter_column(rows, i, filter.column);
      const FloatVector rest = hn::Mul(hn::LoadU(floats, own + i), hn::Sub(one, soft));
      const FloatVector mixed = hn::Add(hn::Mul(hn::LoadU(floats, sharp + i), soft), rest);
      uint8_t last[hn::MaxLanes(floats)];
      uint8_t *place = i + lanes <= count ? output + i : last;
      hn::StoreU(hn::DemoteTo(bytes, hn::NearestInt(hn::Mul(hn::Min(mixed, one), levels))), bytes, place);
      if (place == last) std::copy_n(last, count - i, output + i);
    }
  }

  const View &image;
  const MaskFilter &filter;
  size_t count, step;
  Stretch edges;
  RowRing<float> originals, filtered, sharpened, softened;
  std::vector<float> mask;
  float shares[256];
  int ready = 0, masked = 0;
};

void mask_unsharp(const View &input, View &output, const MaskFilter &filter) {
  UnsharpMask rows(input, filter);
  for (int y = 0; y < input.height; ++y) rows.run(y, output.row(y));
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(mask_unsharp);

}  // namespace cimaging

cimaging_status cimaging_unsharp_mask(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const cimaging_mask_settings *settings, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(settings->size > 0 && settings->size % 2 == 1, "the number of taps is not odd");
    const std::vector<float> taps = opencv::float_gaussian_taps(settings->size, settings->sigma);
    // A row or column of one value is not filtered: rounding of the weighted sum could change the last bit.
    std::vector<float> none(taps.size());
    none[taps.size() / 2] = 1;
    const MaskFilter filter{input.width == 1 ? none : taps, input.height == 1 ? none : taps,
                            static_cast<float>(settings->alpha), static_cast<float>(settings->threshold)};
    HWY_DYNAMIC_DISPATCH(mask_unsharp)(input, output, filter);
  });
}

#endif
