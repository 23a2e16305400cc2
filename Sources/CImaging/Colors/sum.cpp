#include "Colors/sum.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Colors/sum.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

uint64_t sum(const uint8_t *bytes, size_t count) {
  const hn::ScalableTag<uint8_t> tag;
  const hn::ScalableTag<uint64_t> wide;
  const size_t lanes = hn::Lanes(tag);
  auto sums = hn::Zero(wide);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) sums = hn::Add(sums, hn::SumsOf8(hn::LoadU(tag, bytes + i)));
  uint64_t sum = hn::GetLane(hn::SumOfLanes(wide, sums));
  for (; i < count; ++i) sum += bytes[i];
  return sum;
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(sum);

uint64_t sum(const uint8_t *bytes, size_t count) { return HWY_DYNAMIC_DISPATCH(sum)(bytes, count); }

}  // namespace cimaging

#endif
