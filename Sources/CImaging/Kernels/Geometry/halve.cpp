#include "Kernels/Geometry/halve.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Geometry/halve.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

#ifndef CIMAGING_HALVE_ROWS
#define CIMAGING_HALVE_ROWS

namespace cimaging {
namespace {

struct RowsOfTwo {
  const uint8_t *upper, *lower;
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// The means from `first` on, pixel by pixel.
template <size_t channels>
void halve_rest(RowsOfTwo rows, uint8_t *output, size_t first, size_t width) {
  for (size_t x = first; x < width; ++x) {
    for (size_t c = 0; c < channels; ++c) {
      const size_t left = 2 * x * channels + c, right = left + channels;
      const int sum = rows.upper[left] + rows.upper[right] + rows.lower[left] + rows.lower[right];
      output[x * channels + c] = static_cast<uint8_t>((sum + 2) >> 2);
    }
  }
}

void halve_greys(RowsOfTwo rows, uint8_t *output, size_t width) {
  const hn::RebindToUnsigned<Shorts> shorts;
  const auto sums = [&](const uint8_t *row) {
    const auto pairs = hn::BitCast(shorts, hn::LoadU(Bytes(), row));
    return hn::Add(hn::And(pairs, hn::Set(shorts, 255)), hn::ShiftRight<8>(pairs));
  };
  const auto means = [&](size_t x) {
    const auto sum = hn::Add(sums(rows.upper + 2 * x), sums(rows.lower + 2 * x));
    return hn::BitCast(Shorts(), hn::ShiftRight<2>(hn::Add(sum, hn::Set(shorts, 2))));
  };
  const hn::Rebind<uint8_t, Shorts> narrow;
  size_t x = 0;
  for (; x + lanes / 2 <= width; x += lanes / 2) hn::StoreU(hn::DemoteTo(narrow, means(x)), narrow, output + x);
  halve_rest<1>(rows, output, x, width);
}

/// Each 16 bytes are loaded for two pixels of the result, which come of twelve.
using Windows = hn::CappedTag<uint8_t, 32>;
using Sums = hn::Repartition<int16_t, Windows>;
constexpr size_t at_once = hn::MaxLanes(Windows()) / 16;

/// Windows next but one.
template <typename Tag>
HWY_INLINE hn::Vec<Tag> load_windows(Tag windows, const uint8_t *row) {
  if constexpr (at_once == 1) {
    return hn::LoadU(windows, row);
  } else {
    const hn::Half<Tag> window;
    return hn::Combine(windows, hn::LoadU(window, row + 24), hn::LoadU(window, row));
  }
}

/// Six sums of neighbours in each window.
HWY_INLINE hn::Vec<Sums> sums(const uint8_t *row) {
  alignas(16) static constexpr int8_t left[16] = {0, -1, 1, -1, 2, -1, 6, -1, 7, -1, 8, -1, -1, -1, -1, -1};
  alignas(16) static constexpr int8_t right[16] = {3, -1, 4, -1, 5, -1, 9, -1, 10, -1, 11, -1, -1, -1, -1, -1};
  const hn::RebindToSigned<Windows> indices;
  const auto windows = hn::BitCast(indices, load_windows(Windows(), row));
  return hn::Add(hn::BitCast(Sums(), hn::TableLookupBytesOr0(windows, hn::LoadDup128(indices, left))),
                 hn::BitCast(Sums(), hn::TableLookupBytesOr0(windows, hn::LoadDup128(indices, right))));
}

/// Six means of each window.
HWY_INLINE hn::Vec<Sums> means(RowsOfTwo rows, size_t place) {
  const auto sum = hn::Add(sums(rows.upper + place), sums(rows.lower + place));
  return hn::ShiftRight<2>(hn::Add(sum, hn::Set(Sums(), 2)));
}

/// The bytes of both, one after the other, in each 16 bytes.
HWY_INLINE hn::Vec<Windows> join(hn::Vec<Sums> first, hn::Vec<Sums> second) {
  alignas(16) static constexpr uint8_t order[16] = {0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11, 12, 13, 14, 15};
  const auto both = hn::Or(first, hn::ShiftLeft<8>(second));
  return hn::TableLookupBytes(hn::BitCast(Windows(), both), hn::LoadDup128(Windows(), order));
}

/// Stores twelve bytes for each 16 of `means`, one after the other; what is stored behind them is overwritten later.
template <typename Tag>
HWY_INLINE void store_means(Tag windows, hn::Vec<Tag> means, uint8_t *output) {
  if constexpr (at_once == 1) {
    hn::StoreU(means, windows, output);
  } else {
    const hn::Half<Tag> window;
    hn::StoreU(hn::LowerHalf(means), window, output);
    hn::StoreU(hn::UpperHalf(window, means), window, output + 12);
  }
}

void halve_colors(RowsOfTwo rows, uint8_t *output, size_t width) {
  constexpr size_t step = 4 * at_once;
  size_t x = 0;
  // Four bytes more are loaded and stored.
  for (; x + step + 2 <= width; x += step) {
    store_means(Windows(), join(means(rows, 6 * x), means(rows, 6 * x + 12)), output + 3 * x);
  }
  halve_rest<3>(rows, output, x, width);
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(halve_greys);
HWY_EXPORT(halve_colors);

void halve(const View &input, View &output) {
  require(input.channels == 1 || input.channels == 3, "the image has neither one channel nor three");
  const auto width = static_cast<size_t>(output.width);
  for (int y = 0; y < output.height; ++y) {
    const RowsOfTwo rows{input.row(2 * y), input.row(2 * y + 1)};
    if (input.channels == 3) {
      HWY_DYNAMIC_DISPATCH(halve_colors)(rows, output.row(y), width);
    } else {
      HWY_DYNAMIC_DISPATCH(halve_greys)(rows, output.row(y), width);
    }
  }
}

}  // namespace cimaging

#endif
