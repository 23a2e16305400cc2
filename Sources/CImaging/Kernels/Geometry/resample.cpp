#include "guard.hpp"
#include "include/cimaging_geometry.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Geometry/resample.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <vector>

#include "Kernels/Color/bytes-inl.hpp"
#include "Kernels/Geometry/Resample/light.hpp"
#include "Kernels/Geometry/Resample/plan.hpp"

// Two passes, rows first, as in Pillow. Both multiply and add pairs of neighbours: a source row is laid out so that
// each 32 bits hold the same channel of two neighbouring pixels, and filtered rows are kept so that each 32 bits hold
// two neighbouring rows. Two rows are filtered at a time, once each, and kept in a ring while an output row needs them,
// so that the source is read once and everything else stays in the cache.
//
// Colours take 128 bits for two pixels: R, G, B and a fourth channel, zero or alpha.

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

constexpr size_t integers = hn::MaxLanes(Integers());

/// Adds, in each 32 bits, the product of the lower halves and that of the upper halves.
HWY_INLINE IntegerVector add_dot(IntegerVector sum, IntegerVector numbers, IntegerVector taps) {
  IntegerVector rest = hn::Zero(Integers());
  const IntegerVector products = hn::ReorderWidenMulAccumulate(Integers(), hn::BitCast(Shorts(), numbers),
                                                               hn::BitCast(Shorts(), taps), hn::Zero(Integers()), rest);
  return hn::Add(sum, hn::RearrangeToOddPlusEven(products, rest));
}

HWY_INLINE IntegerVector load(const int32_t *numbers) { return hn::LoadU(Integers(), numbers); }

/// One row in pairs of pixels, `spread` integers each, with zeros after the last that a vector may reach.
template <size_t spread>
class PairedRow {
 public:
  PairedRow(const Taps &taps)
      : begin(taps.begin()),
        end(taps.end()),
        pairs((static_cast<size_t>(end - begin) + taps.pair_count) * spread + 2 * integers) {}

  const int32_t *at(int pair) const { return pairs.data() + static_cast<size_t>(pair - begin) * spread; }

  void read(const NumberRows &rows, int y) { rows.load(y, begin, end, reinterpret_cast<int16_t *>(pairs.data())); }

  void read(const View &input, int y) {
    constexpr size_t channels = spread == 1 ? 1 : 3;
    const auto first = 2 * channels * static_cast<size_t>(begin), row = input.row_length();
    read(input.row(y) + first, std::min(row, 2 * channels * static_cast<size_t>(end)) - first);
  }

 private:
  /// Pixels of `count` bytes.
  HWY_INLINE void read(const uint8_t *bytes, size_t count) {
    constexpr size_t channels = spread == 1 ? 1 : 3, step = 2 * channels * integers / spread;
    size_t i = 0;
    int32_t *output = pairs.data();
    for (; i + hn::MaxLanes(Bytes()) <= count; i += step, output += integers) store(bytes + i, output);
    while (i < count) {
      uint8_t last[hn::MaxLanes(Bytes())] = {};
      std::copy_n(bytes + i, std::min(step, count - i), last);
      store(last, output);
      i += step;
      output += integers;
    }
  }

  /// A vector of pairs from as many bytes as a vector has, of which it does not use all.
  HWY_INLINE static void store(const uint8_t *bytes, int32_t *output) {
    if constexpr (spread == 1) {
      const hn::Rebind<uint8_t, Shorts> narrow;
      hn::StoreU(hn::BitCast(Integers(), hn::PromoteTo(Shorts(), hn::LoadU(narrow, bytes))), Integers(), output);
    } else {
      const auto blocks = hn::TableLookupLanes(hn::BitCast(Integers(), hn::LoadU(Bytes(), bytes)), block_places());
      const auto channels = hn::TableLookupBytesOr0(hn::BitCast(Bytes(), blocks), channel_places());
      hn::StoreU(hn::BitCast(Integers(), channels), Integers(), output);
    }
  }

  /// For each block of 128 bits the two words that hold its six bytes.
  HWY_INLINE static auto block_places() {
    HWY_ALIGN int32_t places[integers];
    for (size_t i = 0; i < integers; ++i) places[i] = static_cast<int32_t>(i / 4 * 6 / 4 + i % 4 % 2);
    return hn::SetTableIndices(Integers(), places);
  }

  /// R, G and B of the first pixel, each followed by that of the second; every other block begins in the middle of a
  /// word.
  HWY_INLINE static ByteVector channel_places() {
    HWY_ALIGN uint8_t places[hn::MaxLanes(Bytes())];
    for (size_t i = 0; i < sizeof places; ++i) {
      const size_t block = i / 16, channel = i % 16 / 4, offset = block % 2 * 2 + channel + (i % 4 == 2 ? 3 : 0);
      places[i] = static_cast<uint8_t>(channel < 3 && i % 2 == 0 ? offset : 0x80);
    }
    return hn::Load(Bytes(), places);
  }

  int begin, end;
  std::vector<int32_t> pairs;
};

/// A vector's length of taps, one for each pair of pixels.
template <size_t spread>
HWY_INLINE IntegerVector taps_for_pixels(const int32_t *taps) {
  if constexpr (spread == 1) return load(taps);
  HWY_ALIGN int32_t places[integers];
  for (size_t i = 0; i < integers; ++i) places[i] = static_cast<int32_t>(i / spread);
  return hn::TableLookupLanes(load(taps), hn::SetTableIndices(Integers(), places));
}

/// The sum of all blocks of 128 bits.
template <class Tag>
HWY_INLINE hn::Vec<hn::FixedTag<int32_t, 4>> sum_of_blocks(Tag, hn::Vec<Tag> sums) {
  if constexpr (hn::MaxLanes(Tag()) == 4) {
    return sums;
  } else {
    const hn::Half<Tag> half;
    return sum_of_blocks(half, hn::Add(hn::LowerHalf(half, sums), hn::UpperHalf(half, sums)));
  }
}

/// Sums of taps times numbers, rounded and cut off.
struct Level {
  int shift;
  int32_t largest;

  template <class Vector>
  HWY_INLINE Vector of(Vector sums) const {
    const hn::DFromV<Vector> tag;
    const Vector rounded = hn::ShiftRightSame(hn::Add(sums, hn::Set(tag, half())), shift);
    return hn::Min(hn::Max(rounded, hn::Zero(tag)), hn::Set(tag, largest));
  }

  int32_t half() const { return shift == 0 ? 0 : 1 << (shift - 1); }
};

/// Filters two rows. Each output pixel becomes `values` integers that hold both rows; up to 4 may be written.
template <size_t spread>
HWY_INLINE void filter_rows(const PairedRow<spread> (&rows)[2], const Taps &taps, Level level, int values,
                            int32_t *output) {
  constexpr size_t step = integers / spread;
  const hn::FixedTag<int32_t, 4> block;
  for (size_t x = 0; x < taps.places(); ++x, output += values) {
    const auto used = static_cast<size_t>(taps.used[x]);
    const int32_t *weights = taps.of(x), *upper = rows[0].at(taps.first[x]), *lower = rows[1].at(taps.first[x]);
    IntegerVector first = hn::Zero(Integers()), second = hn::Zero(Integers());
    for (size_t k = 0; k < used; k += step) {
      const IntegerVector weight = taps_for_pixels<spread>(weights + k);
      first = add_dot(first, load(upper + k * spread), weight);
      second = add_dot(second, load(lower + k * spread), weight);
    }
    auto top = sum_of_blocks(Integers(), first), bottom = sum_of_blocks(Integers(), second);
    if constexpr (spread == 1) {
      top = hn::SumOfLanes(block, top);
      bottom = hn::SumOfLanes(block, bottom);
    }
    hn::StoreU(hn::Or(level.of(top), hn::ShiftLeft<16>(level.of(bottom))), block, output);
  }
}

/// Pairs of filtered rows, kept while needed.
template <size_t spread>
class FilteredRows {
 public:
  /// - Parameter numbers: the rows; NULL if they are the bytes of `input`.
  FilteredRows(const ResamplingPlan &plan, const View &input, const NumberRows *numbers)
      : plan(plan),
        input(input),
        numbers(numbers),
        values(numbers ? numbers->values() : input.channels),
        length(plan.columns.places() * static_cast<size_t>(values) + 4 * integers),
        ring(length * plan.rows.pair_count),
        rows{PairedRow<spread>(plan.columns), PairedRow<spread>(plan.columns)} {}

  /// The pairs that an output row depends on.
  void find(size_t place, std::vector<const int32_t *> &pairs) {
    const int first = plan.rows.first[place], end = first + plan.rows.used[place];
    for (ready = std::max(ready, first); ready < end; ++ready) filter(ready);
    for (int pair = first; pair < end; ++pair) pairs[static_cast<size_t>(pair - first)] = at(pair);
  }

 private:
  int32_t *at(int pair) { return ring.data() + length * (static_cast<size_t>(pair) % plan.rows.pair_count); }

  void filter(int pair) {
    for (int k = 0; k < 2; ++k) {
      const int y = std::min(2 * pair + k, input.height - 1);  // the row below the last has a tap of 0
      numbers ? rows[k].read(*numbers, y) : rows[k].read(input, y);
    }
    filter_rows<spread>(rows, plan.columns, {plan.columns.shift, plan.largest}, values, at(pair));
  }

  const ResamplingPlan &plan;
  const View &input;
  const NumberRows *numbers;
  int values;
  size_t length;
  std::vector<int32_t> ring;
  PairedRow<spread> rows[2];
  int ready = 0;
};

/// Four vectors of an output row.
HWY_INLINE void filter_columns(const int32_t *const *pairs, const int32_t *taps, int used, size_t i,
                               IntegerVector (&sums)[4]) {
  for (auto &sum : sums) sum = hn::Zero(Integers());
  for (int k = 0; k < used; ++k) {
    const IntegerVector weight = hn::Set(Integers(), taps[k]);
    for (size_t v = 0; v < 4; ++v) sums[v] = add_dot(sums[v], load(pairs[k] + i + v * integers), weight);
  }
}

template <size_t spread>
void run(const View &input, View &output, const ResamplingPlan &plan, NumberRows *numbers) {
  FilteredRows<spread> filtered(plan, input, numbers);
  const size_t count = plan.columns.places() * static_cast<size_t>(numbers ? numbers->values() : input.channels);
  const Level level{plan.rows.shift, plan.largest};
  std::vector<const int32_t *> pairs(plan.rows.pair_count);
  std::vector<uint8_t> bytes(count + 4 * integers);
  std::vector<int32_t> wide(count + 4 * integers);
  for (size_t y = 0; y < plan.rows.places(); ++y) {
    filtered.find(y, pairs);
    for (size_t i = 0; i < count; i += 4 * integers) {
      IntegerVector sums[4];
      filter_columns(pairs.data(), plan.rows.of(y), plan.rows.used[y], i, sums);
      for (auto &sum : sums) sum = level.of(sum);
      if (numbers == nullptr) {
        hn::StoreU(join(sums), Bytes(), bytes.data() + i);
      } else {
        for (size_t v = 0; v < 4; ++v) hn::StoreU(sums[v], Integers(), wide.data() + i + v * integers);
      }
    }
    if (numbers == nullptr) {
      std::copy_n(bytes.data(), count, output.row(static_cast<int>(y)));
    } else {
      numbers->store(static_cast<int>(y), wide.data());
    }
  }
}

void run_grey(const View &input, View &output, const ResamplingPlan &plan, NumberRows *numbers) {
  run<1>(input, output, plan, numbers);
}

void run_color(const View &input, View &output, const ResamplingPlan &plan, NumberRows *numbers) {
  run<4>(input, output, plan, numbers);
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(run_grey);
HWY_EXPORT(run_color);

namespace {

const Light &light(const cimaging_resample_options &options) {
  return options.is_linear ? Light::of_srgb() : Light::of_bytes();
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_resample(const cimaging_pixels *source, const cimaging_pixels *destination,
                                  const cimaging_resample_options *options, cimaging_message *message) {
  using namespace cimaging;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    const bool is_grey = input.channels == 1, is_linear = options->is_linear != 0;
    const auto plan = make_plan(input, output, *options, is_linear ? Light::full : 255, input.channels);
    ColorRows linear(input, output, light(*options));
    NumberRows *numbers = is_linear ? &linear : nullptr;
    if (is_grey) return HWY_DYNAMIC_DISPATCH(run_grey)(input, output, plan, numbers);
    HWY_DYNAMIC_DISPATCH(run_color)(input, output, plan, numbers);
  });
}

cimaging_status cimaging_resample_weighted(const cimaging_pixels *source, const cimaging_pixels *alpha,
                                           const cimaging_pixels *destination, const cimaging_pixels *destination_alpha,
                                           const cimaging_resample_options *options, cimaging_message *message) {
  using namespace cimaging;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    const LayeredView from{input, view(alpha)};
    LayeredView to{output, view(destination_alpha)};
    require(from.alpha.width == input.width && from.alpha.height == input.height && from.alpha.channels == 1 &&
                to.alpha.width == output.width && to.alpha.height == output.height && to.alpha.channels == 1,
            "the alpha plane has another shape");
    WeightedRows rows(from, to, light(*options));
    HWY_DYNAMIC_DISPATCH(run_color)(input, output, make_plan(input, output, *options, Light::full, 4), &rows);
  });
}

#endif
