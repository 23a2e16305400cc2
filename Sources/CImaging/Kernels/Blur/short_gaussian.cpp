#include "Kernels/Blur/short_gaussian.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Blur/short_gaussian.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <vector>

#include "Kernels/Blur/dots-inl.hpp"
#include "Kernels/Blur/reflected.hpp"
#include "Kernels/Color/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Values of two output rows.
struct Pair {
  ShortVector above, below;
};

/// Filters a row with symmetric taps, each value plus `offset`.
template <size_t radius>
class RowFilter {
 public:
  /// Pixels are `step` values apart.
  RowFilter(const std::vector<int> &taps, size_t step, uint16_t offset)
      : step(step), offset(hn::Set(UnsignedShorts(), offset)) {
    for (size_t k = 0; k <= radius; ++k) {
      const int tap = taps[radius + k];
      factors[k] = hn::Set(UnsignedShorts(), static_cast<uint16_t>(k == 0 ? tap : tap | tap << 8));
    }
  }

  /// `bytes` begins `radius` pixels before the first value.
  void run(const uint8_t *bytes, uint16_t *sums, size_t count) const {
    const UnsignedShorts shorts;
    for (size_t i = 0; i < count; i += lanes) {
      const uint8_t *middle = bytes + i + radius * step;
      const Halves at = interleave(hn::LoadU(Bytes(), middle), hn::Zero(Bytes()));
      UnsignedShortVector lower = hn::Add(hn::Mul(at.lower, factors[0]), offset);
      UnsignedShortVector upper = hn::Add(hn::Mul(at.upper, factors[0]), offset);
      for (size_t k = 1; k <= radius; ++k) {
        const Halves both = interleave(hn::LoadU(Bytes(), middle - k * step), hn::LoadU(Bytes(), middle + k * step));
        lower = hn::Add(lower, dot_bytes(both.lower, factors[k]));
        upper = hn::Add(upper, dot_bytes(both.upper, factors[k]));
      }
      hn::StoreU(lower, shorts, sums + i);
      hn::StoreU(upper, shorts, sums + i + hn::Lanes(shorts));
    }
  }

 private:
  size_t step;
  UnsignedShortVector offset, factors[radius + 1];
};

/// Filters columns in 16 bits: taps sum to 16.
template <size_t radius>
class NarrowColumns {
 public:
  explicit NarrowColumns(const std::vector<int> &taps) {
    for (size_t k = 0; k <= radius; ++k) {
      factors[k] = hn::Set(UnsignedShorts(), static_cast<uint16_t>(taps[radius + k]));
    }
  }

  static constexpr uint16_t offset = 0;

  /// Values of two output rows from the filtered rows.
  HWY_INLINE Pair values(const uint16_t *const *rows, size_t i) const {
    UnsignedShortVector sums[2 * radius + 2];
    for (size_t k = 0; k < 2 * radius + 2; ++k) sums[k] = hn::LoadU(UnsignedShorts(), rows[k] + i);
    return {value(sums), value(sums + 1)};
  }

 private:
  HWY_INLINE ShortVector value(const UnsignedShortVector *sums) const {
    UnsignedShortVector sum = hn::Add(hn::Set(UnsignedShorts(), 128), hn::Mul(sums[radius], factors[0]));
    for (size_t k = 1; k <= radius; ++k) {
      sum = hn::Add(sum, hn::Mul(hn::Add(sums[radius - k], sums[radius + k]), factors[k]));
    }
    return hn::BitCast(Shorts(), hn::ShiftRight<8>(sum));
  }

  UnsignedShortVector factors[radius + 1];
};

/// Filters columns in 32 bits: taps sum to 256.
template <size_t radius>
class WideColumns {
 public:
  explicit WideColumns(const std::vector<int> &taps) {
    const auto tap = [&](size_t i) { return i >= 1 && i <= taps.size() ? taps[i - 1] : 0; };
    for (size_t p = 0; p <= radius; ++p) {
      upper[p] = hn::Set(Sums(), tap(2 * p + 1) | tap(2 * p + 2) << 16);
      lower[p] = hn::Set(Sums(), tap(2 * p) | tap(2 * p + 1) << 16);
    }
  }

  /// Makes sums fit a signed type.
  static constexpr uint16_t offset = 0x8000;

  /// Values of two output rows from the filtered rows.
  HWY_INLINE Pair values(const uint16_t *const *rows, size_t i) const {
    const UnsignedShorts shorts;
    // The offset of each sum times 256, plus half a unit for rounding.
    const SumVector start = hn::Set(Sums(), (256 << 15) + (1 << 15));
    SumVector above[2] = {start, start}, below[2] = {start, start};
    for (size_t p = 0; p <= radius; ++p) {
      const auto even = hn::LoadU(shorts, rows[2 * p] + i), odd = hn::LoadU(shorts, rows[2 * p + 1] + i);
      const auto low = hn::InterleaveLower(shorts, even, odd), high = hn::InterleaveUpper(shorts, even, odd);
      above[0] = add_dot(above[0], low, upper[p]);
      above[1] = add_dot(above[1], high, upper[p]);
      below[0] = add_dot(below[0], low, lower[p]);
      below[1] = add_dot(below[1], high, lower[p]);
    }
    return {narrow(above), narrow(below)};
  }

 private:
  static HWY_INLINE ShortVector narrow(const SumVector *sums) {
    return hn::ReorderDemote2To(Shorts(), hn::ShiftRight<16>(sums[0]), hn::ShiftRight<16>(sums[1]));
  }

  SumVector upper[radius + 1], lower[radius + 1];
};

/// A vector of two output rows from the filtered rows.
template <typename Columns>
HWY_INLINE void filter_block(const uint16_t *const *rows, const Columns &columns, size_t i, uint8_t *above,
                             uint8_t *below) {
  const Pair first = columns.values(rows, i), second = columns.values(rows, i + hn::Lanes(UnsignedShorts()));
  hn::StoreU(pack(first.above, second.above), Bytes(), above);
  hn::StoreU(pack(first.below, second.below), Bytes(), below);
}

template <typename Columns>
void filter_columns(const uint16_t *const *rows, const Columns &columns, uint8_t *above, uint8_t *below, size_t count) {
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) filter_block(rows, columns, i, above + i, below + i);
  if (i == count) return;
  uint8_t last[lanes], next_last[lanes];
  filter_block(rows, columns, i, last, next_last);
  std::copy_n(last, count - i, above + i);
  std::copy_n(next_last, count - i, below + i);
}

/// Blurs in vertical strips, narrow enough that the filtered rows stay in the L1 cache, two rows at a time.
template <size_t radius, typename Columns>
void blur_strips(const View &input, View &output, const std::vector<int> &taps) {
  const size_t fitting = 10240 / sizeof(uint16_t) / (2 * radius + 2) / lanes * lanes;
  const int count = input.width * input.channels, strip = static_cast<int>(fitting), reach = static_cast<int>(radius);
  const RowFilter<radius> filter(taps, static_cast<size_t>(input.channels), Columns::offset);
  const Columns columns(taps);
  RowRing<uint16_t> ring(input.height, reach, 2, fitting);
  std::vector<uint8_t> padded(fitting + 2 * radius * static_cast<size_t>(input.channels) + lanes), beyond(fitting);
  for (int first = 0; first < count; first += strip) {
    const int length = std::min(strip, count - first);
    const auto size = static_cast<size_t>(length);
    const Stretch stretch(input, first, length, reach);
    for (int y = 0, ready = 0; y < input.height; y += 2) {
      for (; ready <= std::min(y + 1 + reach, input.height - 1); ++ready) {
        stretch.copy(input.row(ready), padded.data());
        filter.run(padded.data(), ring.row(ready), size);
      }
      for (int ahead = 2; ahead < 4; ++ahead) stretch.prefetch(input, ready + ahead);
      uint8_t *below = y + 1 < input.height ? output.row(y + 1) + first : beyond.data();
      filter_columns(ring.about(y), columns, output.row(y) + first, below, size);
    }
  }
}

template <size_t radius>
void blur_radius(const View &input, View &output, const std::vector<int> &taps) {
  // Those of OpenCV for 3 and 5 taps without a sigma are multiples of 16, and any exact sum gives the same bytes.
  std::vector<int> small;
  for (const int tap : taps) {
    if (tap % 16 == 0) small.push_back(tap / 16);
  }
  if (small.size() == taps.size()) return blur_strips<radius, NarrowColumns<radius>>(input, output, small);
  blur_strips<radius, WideColumns<radius>>(input, output, taps);
}

void blur_taps(const View &input, View &output, const std::vector<int> &taps) {
  switch (taps.size()) {
    case 3: return blur_radius<1>(input, output, taps);
    case 5: return blur_radius<2>(input, output, taps);
    case 7: return blur_radius<3>(input, output, taps);
    default: return blur_radius<4>(input, output, taps);
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(blur_taps);

bool blur_short(const View &input, View &output, const std::vector<int> &taps) {
  const size_t middle = taps.size() / 2;
  if (middle < 1 || middle > 4 || taps[middle - 1] > 64) return false;
  HWY_DYNAMIC_DISPATCH(blur_taps)(input, output, taps);
  return true;
}

}  // namespace cimaging

#endif
