#include <algorithm>
#include <cstring>
#include <vector>

#include "Kernels/Weather/disc.hpp"
#include "guard.hpp"
#include "include/cimaging_weather.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Weather/blend_discs.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"
#include "Kernels/fused-inl.hpp"

#ifndef CIMAGING_BLEND_DISCS_ONCE
#define CIMAGING_BLEND_DISCS_ONCE

namespace cimaging {

/// Bytes of a row that are blended. Both may be read and written for a vector beyond their end.
struct Blend {
  const uint8_t *overlay;
  uint8_t *output;
  size_t count;
  float share, rest;  // of the overlay and of the output
};

}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE FloatVector load(const uint8_t *bytes) {
  return hn::ConvertTo(Floats(), hn::PromoteTo(Integers(), hn::LoadU(hn::Rebind<uint8_t, Integers>(), bytes)));
}

void blend(const Blend *bytes) {
  const Floats tag;
  const auto share = hn::Set(tag, bytes->share), rest = hn::Set(tag, bytes->rest);
  for (size_t i = 0; i < bytes->count; i += lanes) {
    IntegerVector parts[4];
    for (size_t k = 0; k < 4; ++k) {
      const auto below = hn::Mul(load(bytes->output + i + k * quarter), rest);
      parts[k] = hn::NearestInt(fused(tag, load(bytes->overlay + i + k * quarter), share, below));
    }
    hn::StoreU(join(parts), Bytes(), bytes->output + i);
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(blend);

namespace {

/// One row: the overlay on which discs are drawn, and the result.
class BlendedRow {
 public:
  explicit BlendedRow(const View &image)
      : width(image.width), length(image.row_length()), overlay(length + 64), result(length + 64) {}

  void make(int y, const uint8_t *from, const cimaging_flare_circle *circles, size_t count) {
    std::memcpy(overlay.data(), from, length);
    std::memcpy(result.data(), from, length);
    Disc::Run drawn{width, 0};
    for (size_t i = 0; i < count; ++i) draw(y, circles[i], drawn);
  }

  const uint8_t *bytes() const { return result.data(); }

 private:
  /// Beyond the columns drawn so far, overlay and result are the same.
  void draw(int y, const cimaging_flare_circle &circle, Disc::Run &drawn) {
    const Disc::Run run = Disc{circle.x, circle.y, circle.radius}.columns(y, width);
    for (int x = run.first; x < run.end; ++x) std::memcpy(overlay.data() + 3 * static_cast<size_t>(x), circle.color, 3);
    if (run.first < run.end) drawn = {std::min(drawn.first, run.first), std::max(drawn.end, run.end)};
    if (drawn.first >= drawn.end) return;
    const size_t first = 3 * static_cast<size_t>(drawn.first), end = 3 * static_cast<size_t>(drawn.end);
    const Blend bytes{overlay.data() + first, result.data() + first, end - first, static_cast<float>(circle.opacity),
                      static_cast<float>(1 - circle.opacity)};
    HWY_DYNAMIC_DISPATCH(blend)(&bytes);
  }

  int width;
  size_t length;
  std::vector<uint8_t> overlay, result;
};

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_blend_discs(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const cimaging_flare_circle *circles, size_t count, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    BlendedRow row(input);
    for (int y = 0; y < input.height; ++y) {
      row.make(y, input.row(y), circles, count);
      std::memcpy(output.row(y), row.bytes(), input.row_length());
    }
  });
}

#endif
