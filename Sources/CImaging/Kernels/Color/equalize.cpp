#include "Kernels/Color/equalize.hpp"

#include <cstring>

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

#if HWY_TARGET <= HWY_AVX3

/// Looks up levels in the four tables, held in registers.
class CornerLevels {
 public:
  HWY_INLINE explicit CornerLevels(const TableRun &run)
      : tables{ByteTable(run.corners[0]), ByteTable(run.corners[1]), ByteTable(run.corners[2]),
               ByteTable(run.corners[3])} {}

  HWY_INLINE void look_up(const uint8_t *levels) {
    const auto bytes = hn::LoadU(Bytes(), levels);
    for (int corner = 0; corner < 4; ++corner) hn::Store(tables[corner][bytes], Bytes(), found[corner]);
  }

  /// The levels at a corner for a quarter of those looked up.
  HWY_INLINE FloatVector get(int corner, size_t k) const {
    const auto bytes = hn::Load(hn::Rebind<uint8_t, Integers>(), found[corner] + k * quarter);
    return hn::ConvertTo(Floats(), hn::PromoteTo(Integers(), bytes));
  }

 private:
  const ByteTable tables[4];
  HWY_ALIGN uint8_t found[4][lanes];
};

#else

using Four = hn::Full128<int32_t>;

/// The numbers of a table at four places.
HWY_INLINE hn::Vec<Four> look_up_four(const uint32_t *table, const uint8_t *places) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SSE4
  uint32_t word;
  std::memcpy(&word, places, sizeof word);
  __m128i found = _mm_cvtsi32_si128(static_cast<int>(table[word & 0xFF]));
  found = _mm_insert_epi32(found, static_cast<int>(table[word >> 8 & 0xFF]), 1);
  found = _mm_insert_epi32(found, static_cast<int>(table[word >> 16 & 0xFF]), 2);
  found = _mm_insert_epi32(found, static_cast<int>(table[word >> 24 & 0xFF]), 3);
  return hn::Vec<Four>{found};
#else
  HWY_ALIGN int32_t found[4];
  for (int k = 0; k < 4; ++k) found[k] = static_cast<int32_t>(table[places[k]]);
  return hn::Load(Four(), found);
#endif
}

/// Looks up levels in the joined table.
class CornerLevels {
 public:
  HWY_INLINE explicit CornerLevels(const TableRun &run) : joined(run.joined) {}

  HWY_INLINE void look_up(const uint8_t *levels) {
    for (size_t k = 0; k < 4; ++k) found[k] = look_up_quarter(levels + k * quarter);
  }

  /// The levels at a corner for a quarter of those looked up.
  HWY_INLINE FloatVector get(int corner, size_t k) const {
    const auto shifted = hn::ShiftRightSame(found[k], 8 * corner);
    return hn::ConvertTo(Floats(), hn::And(shifted, hn::Set(Integers(), 255)));
  }

 private:
  HWY_INLINE IntegerVector look_up_quarter(const uint8_t *levels) const {
#if HWY_TARGET == HWY_AVX2
    return hn::Combine(Integers(), look_up_four(joined, levels + 4), look_up_four(joined, levels));
#else
    return look_up_four(joined, levels);
#endif
  }

  const uint32_t *joined;
  IntegerVector found[4];
};

#endif

void equalize(const uint8_t *levels, uint8_t *output, const TableRun &run, const float *right, float lower) {
  const auto one = hn::Set(Floats(), 1.0f), below = hn::Set(Floats(), lower), above = one - below;
  CornerLevels corners(run);
  IntegerVector results[4];
  for (size_t i = run.first; i < run.end; i += lanes) {
    corners.look_up(levels + i);
#pragma unroll
    for (size_t k = 0; k < 4; ++k) {
      const auto b = hn::LoadU(Floats(), right + i + k * quarter), a = one - b;
      const auto upper_row = corners.get(0, k) * a + corners.get(1, k) * b;
      const auto lower_row = corners.get(2, k) * a + corners.get(3, k) * b;
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

void join(const CornerTables &corners, uint32_t (&joined)[256]) {
  for (size_t i = 0; i < 256; ++i) {
    joined[i] = corners[0][i] | corners[1][i] << 8 | corners[2][i] << 16 | static_cast<uint32_t>(corners[3][i]) << 24;
  }
}

void equalize(const uint8_t *levels, uint8_t *output, const TableRun &run, const float *right, float lower) {
  HWY_DYNAMIC_DISPATCH(equalize)(levels, output, run, right, lower);
}

}  // namespace cimaging

#endif
