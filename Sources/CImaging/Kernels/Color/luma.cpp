#include <cstring>
#include <vector>

#include "Kernels/Color/histogram.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/luma.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/triples-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

struct HalfColors {
  ShortVector red, green, blue;
};

struct Colors {
  HWY_INLINE explicit Colors(const uint8_t *rgb) {
    ByteVector bytes[3];
    hn::LoadInterleaved3(Bytes(), rgb, bytes[0], bytes[1], bytes[2]);
    red = extend(bytes[0]);
    green = extend(bytes[1]);
    blue = extend(bytes[2]);
  }

  HWY_INLINE HalfColors half(int k) const { return {red.half[k], green.half[k], blue.half[k]}; }

  Halves red, green, blue;
};

// OpenCV's 8-bit YCrCb, in fixed point with 14 fraction bits.

HWY_INLINE ShortVector luma(const HalfColors &colors) {
  const Quadruples four(colors.red, colors.green, colors.blue, all(1));
  return four.weighted_sum<14>(pair(4899, 9617), pair(1868, 1 << 13), hn::Zero(Integers()));
}

HWY_INLINE ByteVector luma(const Colors &colors) { return pack(luma(colors.half(0)), luma(colors.half(1))); }

/// A number times a weight with 14 fraction bits, rounded.
HWY_INLINE ShortVector product(ShortVector number, int weight) {
  return hn::MulFixedPoint15(number + number, all(weight));
}

/// Cr or Cb less 128.
HWY_INLINE ShortVector chroma(ShortVector difference, int weight) {
  return hn::Min(hn::Max(product(difference, weight), all(-128)), all(127));
}

/// The same color with another luma; what exceeds 0 ... 255 is for `pack` to clamp.
HWY_INLINE HalfColors with_luma(const HalfColors &colors, ShortVector level) {
  const auto y = luma(colors), cr = chroma(colors.red - y, 11682), cb = chroma(colors.blue - y, 9241);
  const auto weights = pair(-5636, -11698);
  const auto half = hn::Set(Integers(), 1 << 13);
  const auto lower = pair_sums(hn::InterleaveLower(Shorts(), cb, cr), weights) + half;
  const auto upper = pair_sums(hn::InterleaveUpper(Shorts(), cb, cr), weights) + half;
  const auto green = hn::ReorderDemote2To(Shorts(), hn::ShiftRight<14>(lower), hn::ShiftRight<14>(upper));
  return {level + product(cr, 22987), level + green, level + product(cb, 29049)};
}

/// Calls `body(rgb, output)` for each vector of pixels of a row, with `size` bytes of output per pixel. The rest of the
/// row is copied there and back.
template <size_t size, class Body>
HWY_INLINE void each_vector(const uint8_t *rgb, uint8_t *output, size_t count, Body body) {
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) body(rgb + 3 * i, output + size * i);
  if (i == count) return;
  uint8_t pixels[3 * lanes] = {}, results[size * lanes];
  std::memcpy(pixels, rgb + 3 * i, 3 * (count - i));
  body(pixels, results);
  std::memcpy(output + size * i, results, size * (count - i));
}

void find_luma(const uint8_t *rgb, uint8_t *levels, size_t count) {
  each_vector<1>(rgb, levels, count, [](const uint8_t *pixels, uint8_t *results) HWY_ATTR {
    hn::StoreU(luma(Colors(pixels)), Bytes(), results);
  });
}

/// Converts to YCrCb, takes Y from the table, and converts back.
void lookup_luma(const View &input, View &output, const uint8_t *table) {
  const ByteTable levels(table);
  const auto convert = [&](const uint8_t *pixels, uint8_t *results) HWY_ATTR {
    const Colors colors(pixels);
    const Halves level = extend(levels[luma(colors)]);
    const auto lower = with_luma(colors.half(0), level.half[0]), upper = with_luma(colors.half(1), level.half[1]);
    hn::StoreInterleaved3(pack(lower.red, upper.red), pack(lower.green, upper.green), pack(lower.blue, upper.blue),
                          Bytes(), results);
  };
  for (int y = 0; y < input.height; ++y) each_vector<3>(input.row(y), output.row(y), input.width, convert);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(find_luma);
HWY_EXPORT(lookup_luma);

}  // namespace cimaging

cimaging_status cimaging_luma_histogram(const cimaging_pixels *source, uint64_t *counts, cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    const View input = view(source);
    require_color(input);
    const size_t width = input.width;
    std::vector<uint8_t> levels(width);
    LevelCounts<1> found;
    for (int y = 0; y < input.height; ++y) {
      HWY_DYNAMIC_DISPATCH(find_luma)(input.row(y), levels.data(), width);
      found.add(levels.data(), width);
    }
    found.sum(counts);
  });
}

cimaging_status cimaging_lookup_luma(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const uint8_t *table, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    HWY_DYNAMIC_DISPATCH(lookup_luma)(input, output, table);
  });
}

#endif
