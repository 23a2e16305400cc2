#include "Colors/lookup.hpp"

#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // which permutes bytes between whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Colors/lookup.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Colors/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void lookup(const uint8_t *input, uint8_t *output, size_t count, const uint8_t *table) {
  const Bytes tag;
  const ByteTable in_registers(table);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(in_registers[hn::LoadU(tag, input + i)], tag, output + i);
  for (; i < count; ++i) output[i] = table[input[i]];
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(lookup);

void lookup(const uint8_t *input, uint8_t *output, size_t count, const uint8_t *table) {
  HWY_DYNAMIC_DISPATCH(lookup)(input, output, count, table);
}

}  // namespace cimaging

#endif
