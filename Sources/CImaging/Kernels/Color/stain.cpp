#include <array>
#include <vector>

#include "Kernels/Color/optical_density.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/stain.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

#ifndef CIMAGING_STAIN_ONCE
#define CIMAGING_STAIN_ONCE

namespace cimaging {

/// Optical densities of a row, a plane per channel, and 1 for each pixel of tissue. Padded to whole vectors.
struct DensityRow {
  explicit DensityRow(size_t width)
      : stride((width + padding - 1) / padding * padding), planes(3 * stride), is_tissue(stride) {}

  static constexpr size_t padding = 64;

  size_t stride;
  std::vector<float> planes, is_tissue;
};

}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// e^-x, within about 1e-6 of itself.
HWY_INLINE FloatVector decay(FloatVector x) {
  const Floats tag;
  const auto limit = hn::Set(tag, 126.0f);
  const auto power = hn::Min(hn::Max(x * hn::Set(tag, -1.44269504f), hn::Neg(limit)), limit);
  const auto whole = hn::Round(power), rest = power - whole;
  auto sum = hn::Set(tag, 1.54035304e-4f);  // 2^rest by its Taylor series
  for (const float term : {1.33335581e-3f, 9.61812911e-3f, 5.55041087e-2f, 2.40226507e-1f, 6.93147181e-1f, 1.0f}) {
    sum = sum * rest + hn::Set(tag, term);
  }
  const auto exponent = hn::ShiftLeft<23>(hn::NearestInt(whole) + hn::Set(Integers(), 127));
  return sum * hn::BitCast(tag, exponent);
}

/// Three densities, mapped by three rows of three weights and an offset.
HWY_INLINE FloatVector mapped(const FloatVector (&densities)[3], const float *four) {
  const Floats tag;
  return densities[0] * hn::Set(tag, four[0]) + densities[1] * hn::Set(tag, four[1]) +
         densities[2] * hn::Set(tag, four[2]) + hn::Set(tag, four[3]);
}

/// Maps a row of densities, tissue by one matrix and the rest by another, and writes levels.
void stain_row(const DensityRow &row, const cimaging_stain &stain, uint8_t *output, size_t width) {
  const Floats tag;
  const auto most = hn::Set(tag, 255.0f);
  HWY_ALIGN int32_t levels[quarter];
  for (size_t x = 0; x < width; x += quarter) {
    FloatVector densities[3];
    for (size_t k = 0; k < 3; ++k) densities[k] = hn::LoadU(tag, &row.planes[k * row.stride + x]);
    const auto is_tissue = hn::Gt(hn::LoadU(tag, &row.is_tissue[x]), hn::Zero(tag));
    const size_t count = HWY_MIN(quarter, width - x);
    for (size_t k = 0; k < 3; ++k) {
      const auto density = hn::IfThenElse(is_tissue, mapped(densities, stain.tissue + 4 * k),
                                          mapped(densities, stain.background + 4 * k));
      hn::Store(hn::NearestInt(hn::Min(decay(density) * most, most)), Integers(), levels);
      for (size_t i = 0; i < count; ++i) output[3 * (x + i) + k] = static_cast<uint8_t>(levels[i]);
    }
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(stain_row);

namespace {

/// Tissue is what is darker than 0.85, in single precision and in this order, as in Albumentations.
class Densities {
 public:
  Densities() : densities(optical_densities()) {
    for (int level = 0; level < 256; ++level) {
      const float share = static_cast<float>(level) / 255.0f;
      lumas[0][level] = share * 0.299f;
      lumas[1][level] = share * 0.587f;
      lumas[2][level] = share * 0.114f;
    }
  }

  void fill(DensityRow &row, const uint8_t *rgb, int width) const {
    for (int x = 0; x < width; ++x, rgb += 3) {
      for (int k = 0; k < 3; ++k) row.planes[k * row.stride + x] = densities[rgb[k]];
      row.is_tissue[x] = lumas[0][rgb[0]] + lumas[1][rgb[1]] + lumas[2][rgb[2]] < 0.85f ? 1 : 0;
    }
  }

 private:
  std::array<float, 256> densities;
  std::array<std::array<float, 256>, 3> lumas;
};

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_apply_stain(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const cimaging_stain *stain, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    const Densities densities;
    DensityRow row(input.width);
    for (int y = 0; y < input.height; ++y) {
      densities.fill(row, input.row(y), input.width);
      HWY_DYNAMIC_DISPATCH(stain_row)(row, *stain, output.row(y), input.width);
    }
  });
}

#endif
