#include <cstring>

#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/affine_color.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// `lanes` levels of one channel as floats.
struct Channel {
  FloatVector part[4];

  HWY_INLINE explicit Channel(ByteVector bytes) {
    HWY_ALIGN uint8_t levels[lanes];
    hn::Store(bytes, Bytes(), levels);
    const hn::Rebind<uint8_t, Integers> narrow;
    for (size_t k = 0; k < 4; ++k) {
      part[k] = hn::ConvertTo(Floats(), hn::PromoteTo(Integers(), hn::Load(narrow, levels + k * quarter)));
    }
  }
};

/// The sum of three channels with weights and an offset, rounded.
HWY_INLINE ByteVector combined(const Channel &red, const Channel &green, const Channel &blue, const float *four) {
  const Floats tag;
  const auto a = hn::Set(tag, four[0]), b = hn::Set(tag, four[1]), c = hn::Set(tag, four[2]);
  const auto offset = hn::Set(tag, four[3]), most = hn::Set(tag, 255.0f);
  IntegerVector levels[4];
#pragma unroll
  for (size_t k = 0; k < 4; ++k) {
    const auto sum = red.part[k] * a + green.part[k] * b + blue.part[k] * c + offset;
    levels[k] = hn::NearestInt(hn::Min(hn::Max(sum, hn::Zero(tag)), most));
  }
  return join(levels);
}

HWY_INLINE void map(const uint8_t *input, uint8_t *output, const float *matrix) {
  ByteVector colors[3];
  hn::LoadInterleaved3(Bytes(), input, colors[0], colors[1], colors[2]);
  const Channel red(colors[0]), green(colors[1]), blue(colors[2]);
  for (int row = 0; row < 3; ++row) colors[row] = combined(red, green, blue, matrix + 4 * row);
  hn::StoreInterleaved3(colors[0], colors[1], colors[2], Bytes(), output);
}

void map_rows(const View &input, View &output, const float *matrix) {
  const size_t count = static_cast<size_t>(input.width);
  for (int y = 0; y < input.height; ++y) {
    const uint8_t *from = input.row(y);
    uint8_t *to = output.row(y);
    size_t i = 0;
    for (; i + lanes <= count; i += lanes) map(from + 3 * i, to + 3 * i, matrix);
    if (i == count) continue;
    uint8_t rest[3 * lanes] = {};
    std::memcpy(rest, from + 3 * i, 3 * (count - i));
    map(rest, rest, matrix);
    std::memcpy(to + 3 * i, rest, 3 * (count - i));
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(map_rows);
}

cimaging_status cimaging_affine_color(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const float *matrix, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    HWY_DYNAMIC_DISPATCH(map_rows)(input, output, matrix);
  });
}

#endif
