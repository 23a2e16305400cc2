#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/mean.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE uint64_t sum_of(const uint8_t *bytes, size_t count) {
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

uint64_t sum(const View &image) {
  uint64_t sum = 0;
  for (int y = 0; y < image.height; ++y) sum += sum_of(image.row(y), image.row_length());
  return sum;
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(sum);
}

cimaging_status cimaging_mean(const cimaging_pixels *source, double *mean, cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    const View input = view(source);
    const double count = static_cast<double>(input.row_length()) * input.height;
    *mean = static_cast<double>(HWY_DYNAMIC_DISPATCH(sum)(input)) / count;
  });
}

#endif
