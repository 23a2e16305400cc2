#include <cstring>
#include <vector>

#include "Kernels/Color/gray.hpp"
#include "guard.hpp"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/saturate.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"
#include "Kernels/fused-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// value × `saturation` + level × `rest` for `lanes` bytes, in the order and with the fused sum of OpenCV's
/// `addWeighted`.
HWY_INLINE void blend(const uint8_t *values, const uint8_t *levels, uint8_t *output, float saturation, float rest) {
  const Floats floats;
  const hn::Rebind<uint8_t, Integers> narrow;
  const auto weight = hn::Set(floats, saturation), level_weight = hn::Set(floats, rest);
  IntegerVector results[4];
#pragma unroll
  for (size_t k = 0; k < 4; ++k) {
    const auto load = [&](const uint8_t *bytes) {
      return hn::ConvertTo(floats, hn::PromoteTo(Integers(), hn::LoadU(narrow, bytes + k * quarter)));
    };
    const auto sum = fused(floats, weight, load(values), load(levels) * level_weight);
    const auto clamped = hn::Min(hn::Max(sum, hn::Zero(floats)), hn::Set(floats, 255.0f));
    results[k] = hn::NearestInt(clamped);
  }
  hn::StoreU(join(results), Bytes(), output);
}

/// Blends `count` bytes.
void blend_row(const uint8_t *values, const uint8_t *levels, uint8_t *output, size_t count, float saturation,
               float rest) {
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) blend(values + i, levels + i, output + i, saturation, rest);
  if (i == count) return;
  uint8_t some[lanes] = {}, gray[lanes] = {};
  std::memcpy(some, values + i, count - i);
  std::memcpy(gray, levels + i, count - i);
  blend(some, gray, some, saturation, rest);
  std::memcpy(output + i, some, count - i);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(blend_row);
}

cimaging_status cimaging_saturate(const cimaging_pixels *source, const cimaging_pixels *destination, double factor,
                                  cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    const auto count = static_cast<size_t>(input.width);
    std::vector<uint8_t> gray(count), levels(3 * count);
    for (int y = 0; y < input.height; ++y) {
      gray_from_rgb(input.row(y), gray.data(), count, CIMAGING_GRAY_WEIGHTED);
      rgb_from_gray(gray.data(), levels.data(), count);
      HWY_DYNAMIC_DISPATCH(blend_row)
      (input.row(y), levels.data(), output.row(y), 3 * count, static_cast<float>(factor),
       static_cast<float>(1 - factor));
    }
  });
}

#endif
