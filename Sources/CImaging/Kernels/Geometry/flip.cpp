#include "Kernels/Geometry/flip.hpp"

#include "guard.hpp"
#include "include/cimaging_geometry.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Geometry/flip.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using Sixteen = hn::FixedTag<uint8_t, 16>;

/// Mirrors five RGB pixels. The sixteenth byte of the vector is the one before them in the source; in the destination
/// it is overwritten later.
HWY_INLINE void mirror_five(const uint8_t *input, uint8_t *output) {
  alignas(16) static constexpr uint8_t places[16] = {13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, 0};
  const Sixteen bytes;
  hn::StoreU(hn::TableLookupBytes(hn::LoadU(bytes, input - 1), hn::Load(bytes, places)), bytes, output);
}

void mirror_colors(const uint8_t *input, uint8_t *output, size_t width) {
  const uint8_t *next = input + 3 * width;
  size_t x = 0;
  for (; x + 21 <= width; x += 20) {
    for (size_t five = 0; five < 4; ++five) mirror_five(next -= 15, output + 3 * (x + 5 * five));
  }
  for (; x + 6 <= width; x += 5) mirror_five(next -= 15, output + 3 * x);
  for (; x < width; ++x) std::copy_n(next -= 3, 3, output + 3 * x);
}

void mirror_greys(const uint8_t *input, uint8_t *output, size_t width) {
  alignas(16) static constexpr uint8_t places[16] = {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
  const Sixteen bytes;
  const auto order = hn::Load(bytes, places);
  size_t x = 0;
  for (; x + 16 <= width; x += 16) {
    hn::StoreU(hn::TableLookupBytes(hn::LoadU(bytes, input + width - 16 - x), order), bytes, output + x);
  }
  std::reverse_copy(input, input + (width - x), output + x);
}

void mirror(const View &input, View &output, bool is_rotated) {
  const auto width = static_cast<size_t>(input.width);
  for (int y = 0; y < input.height; ++y) {
    uint8_t *row = output.row(is_rotated ? input.height - 1 - y : y);
    if (input.channels == 3) {
      mirror_colors(input.row(y), row, width);
    } else {
      mirror_greys(input.row(y), row, width);
    }
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(mirror);

void mirror(const View &input, View &output, bool is_rotated) {
  HWY_DYNAMIC_DISPATCH(mirror)(input, output, is_rotated);
}

namespace {

/// Copies rows from bottom to top. OpenCV swaps them pairwise, which takes twice as long.
void flip_vertically(const View &input, View &output) {
  for (int y = 0; y < input.height; ++y)
    std::copy_n(input.row(y), input.row_length(), output.row(input.height - 1 - y));
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_flip(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t code,
                              cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    if (code == 1) return mirror(input, output, false);
    flip_vertically(input, output);
  });
}

#endif
