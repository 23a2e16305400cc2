#include "Kernels/Color/equalize.hpp"

#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/equalize.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE FloatVector floats(const uint8_t *bytes) {
  return hn::ConvertTo(Floats(), hn::PromoteTo(Integers(), hn::Load(hn::Rebind<uint8_t, Integers>(), bytes)));
}

/// Rounds half to even; for values 0 ... 255.
HWY_INLINE IntegerVector nearest(FloatVector numbers) {
  const auto shifted = numbers + hn::Set(Floats(), 8388608.0f);  // 2^23: the last bit of the sum is worth 1
  return hn::And(hn::BitCast(Integers(), shifted), hn::Set(Integers(), 255));
}

void equalize(const uint8_t *levels, uint8_t *output, const TableRun &run, const float *right, float lower) {
  const auto one = hn::Set(Floats(), 1.0f), below = hn::Set(Floats(), lower), above = one - below;
  const ByteTable tables[4] = {ByteTable(run.tables[0]), ByteTable(run.tables[1]), ByteTable(run.tables[2]),
                               ByteTable(run.tables[3])};
  HWY_ALIGN uint8_t found[4][lanes];
  IntegerVector results[4];
  for (size_t i = run.first; i < run.end; i += lanes) {
    const auto bytes = hn::LoadU(Bytes(), levels + i);
    for (int k = 0; k < 4; ++k) hn::Store(tables[k][bytes], Bytes(), found[k]);
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      const auto b = hn::LoadU(Floats(), right + i + k * quarter), a = one - b;
      const auto upper_row = floats(found[0] + k * quarter) * a + floats(found[1] + k * quarter) * b;
      const auto lower_row = floats(found[2] + k * quarter) * a + floats(found[3] + k * quarter) * b;
      results[k] = nearest(upper_row * above + lower_row * below);
    }
    hn::StoreU(join(results), Bytes(), output + i);
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(equalize);

void equalize(const uint8_t *levels, uint8_t *output, const TableRun &run, const float *right, float lower) {
  HWY_DYNAMIC_DISPATCH(equalize)(levels, output, run, right, lower);
}

}  // namespace cimaging

#endif
