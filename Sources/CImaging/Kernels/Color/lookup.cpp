#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/lookup.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE void look_up(const uint8_t *input, uint8_t *output, size_t count, const ByteTable &in_registers,
                        const uint8_t *table) {
  const Bytes tag;
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(in_registers[hn::LoadU(tag, input + i)], tag, output + i);
  for (; i < count; ++i) output[i] = table[input[i]];
}

/// Processes the image as one long row if rows have no padding.
void lookup(const View &input, View &output, const uint8_t *table) {
  const ByteTable in_registers(table);
  const size_t length = input.row_length();
  if (input.stride == length && output.stride == length) {
    return look_up(input.pixels, output.pixels, length * static_cast<size_t>(input.height), in_registers, table);
  }
  for (int y = 0; y < input.height; ++y) look_up(input.row(y), output.row(y), length, in_registers, table);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(lookup);
}

cimaging_status cimaging_lookup(const cimaging_pixels *source, const cimaging_pixels *destination, const uint8_t *table,
                                cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message,
                     [&](const View &input, View &output) { HWY_DYNAMIC_DISPATCH(lookup)(input, output, table); });
}

#endif
