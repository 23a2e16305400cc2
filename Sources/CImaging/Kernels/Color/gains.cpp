#include "Kernels/Color/gains.hpp"

#include <cstring>

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/gains.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE IntegerVector truncated(FloatVector values, FloatVector gains) {
  return truncate(hn::Min(hn::Max(values * gains, hn::Zero(Floats())), hn::Set(Floats(), 255.0f)));
}

HWY_INLINE IntegerVector rounded(FloatVector values, FloatVector gains) {
  const auto most = hn::Set(Floats(), 255.0f), one = hn::Set(Floats(), 1.0f);
  const auto share = hn::Min(hn::Max(values / most * gains, hn::Zero(Floats())), one);
  return hn::NearestInt(share * most);
}

HWY_INLINE void multiply_block(const uint8_t *input, const float *gains, uint8_t *output, Cut cut) {
  const hn::Rebind<uint8_t, Integers> narrow;
  IntegerVector results[4];
#pragma unroll
  for (size_t k = 0; k < 4; ++k) {
    const auto values = hn::ConvertTo(Floats(), hn::PromoteTo(Integers(), hn::LoadU(narrow, input + k * quarter)));
    const auto gain = hn::LoadU(Floats(), gains + k * quarter);
    results[k] = cut == Cut::rounded ? rounded(values, gain) : truncated(values, gain);
  }
  hn::StoreU(join(results), Bytes(), output);
}

void multiply(const uint8_t *input, const float *gains, uint8_t *output, size_t count, Cut cut) {
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) multiply_block(input + i, gains + i, output + i, cut);
  if (i == count) return;
  uint8_t rest[lanes] = {};
  float last[lanes] = {};
  std::memcpy(rest, input + i, count - i);
  std::memcpy(last, gains + i, (count - i) * sizeof(float));
  multiply_block(rest, last, rest, cut);
  std::memcpy(output + i, rest, count - i);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(multiply);

void multiply(const uint8_t *input, const float *gains, uint8_t *output, size_t count, Cut cut) {
  HWY_DYNAMIC_DISPATCH(multiply)(input, gains, output, count, cut);
}

}  // namespace cimaging

#endif
