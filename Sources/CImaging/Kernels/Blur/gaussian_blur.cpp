#include "guard.hpp"
#include "include/cimaging_blur.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Blur/gaussian_blur.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <vector>

#include "Kernels/Blur/dots-inl.hpp"
#include "Kernels/Blur/gaussian_kernel.hpp"
#include "Kernels/Blur/reflected.hpp"
#include "Kernels/Blur/short_gaussian.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Vectors of a row that are processed together, and the number of values in them.
constexpr size_t vectors = 2, block = vectors * hn::MaxLanes(UnsignedShorts());

/// Each byte of a stretch paired with the byte of the next pixel, which is the upper one.
class PairedRow {
 public:
  explicit PairedRow(size_t length) : bytes(length + 3), pairs(length) {}

  void read(const Stretch &stretch, const uint8_t *row, size_t step) {
    stretch.copy(row, bytes.data());
    const UnsignedShorts shorts;
    const hn::Rebind<uint8_t, UnsignedShorts> narrow;
    for (size_t i = 0; i < pairs.size(); i += hn::Lanes(shorts)) {
      const UnsignedShortVector first = hn::PromoteTo(shorts, hn::LoadU(narrow, bytes.data() + i));
      const UnsignedShortVector second = hn::PromoteTo(shorts, hn::LoadU(narrow, bytes.data() + i + step));
      hn::StoreU(hn::Or(first, hn::ShiftLeft<8>(second)), shorts, pairs.data() + i);
    }
  }

  const uint16_t *begin() const { return pairs.data(); }

 private:
  std::vector<uint8_t> bytes;
  std::vector<uint16_t> pairs;
};

/// Filters two rows and stores their sums interleaved, minus 2¹⁵ so that they fit a signed type.
void filter_rows(const PairedRow *rows, const std::vector<RowTerm> &terms, uint16_t *output, size_t count) {
  const UnsignedShorts shorts;
  const size_t lanes = hn::Lanes(shorts);
  for (size_t i = 0; i < count; i += block) {
    UnsignedShortVector upper[vectors], lower[vectors];
    for (size_t v = 0; v < vectors; ++v) upper[v] = lower[v] = hn::Set(shorts, 0x8000);
    for (const RowTerm &term : terms) {
      const UnsignedShortVector taps = hn::Set(shorts, term.taps);
      const size_t place = i + term.distance;
      for (size_t v = 0; v < vectors; ++v) {
        const UnsignedShortVector above = hn::LoadU(shorts, rows[0].begin() + place + v * lanes);
        const UnsignedShortVector below = hn::LoadU(shorts, rows[1].begin() + place + v * lanes);
        upper[v] = hn::Add(upper[v], dot_bytes(above, taps));
        lower[v] = hn::Add(lower[v], dot_bytes(below, taps));
      }
    }
    for (size_t v = 0; v < vectors; ++v) {
      hn::StoreU(hn::InterleaveLower(shorts, upper[v], lower[v]), shorts, output + 2 * (i + v * lanes));
      hn::StoreU(hn::InterleaveUpper(shorts, upper[v], lower[v]), shorts, output + 2 * (i + v * lanes) + lanes);
    }
  }
}

/// Narrows two vectors of sums, in the order of two interleaved vectors, to bytes.
HWY_INLINE void store_bytes(SumVector low, SumVector high, uint8_t *output) {
  const hn::Repartition<int16_t, UnsignedShorts> halves;
  const hn::Rebind<uint8_t, UnsignedShorts> narrow;
  const auto values = hn::ReorderDemote2To(halves, hn::ShiftRight<16>(low), hn::ShiftRight<16>(high));
  hn::StoreU(hn::DemoteTo(narrow, values), narrow, output);
}

/// The pairs of filtered rows that two output rows depend on, and the output rows.
struct Columns {
  const uint16_t *const *pairs;
  const std::vector<ColumnTerm> &terms;
  uint8_t *upper, *lower;
};

/// One block of two output rows.
HWY_INLINE void filter_columns(const Columns &columns, size_t i, uint8_t *upper, uint8_t *lower) {
  const UnsignedShorts shorts;
  const Sums sums;
  const size_t lanes = hn::Lanes(shorts);
  // The bias subtracted from each sum times 256, plus half a unit for rounding.
  const SumVector start = hn::Set(sums, (256 << 15) + (1 << 15));
  SumVector first[2 * vectors], second[2 * vectors];
  for (size_t v = 0; v < 2 * vectors; ++v) first[v] = second[v] = start;
  for (const ColumnTerm &term : columns.terms) {
    const uint16_t *values = columns.pairs[term.pair] + 2 * i;
    const SumVector taps = hn::Set(sums, term.upper), next = hn::Set(sums, term.lower);
    for (size_t v = 0; v < 2 * vectors; ++v) {
      const UnsignedShortVector pair = hn::LoadU(shorts, values + v * lanes);
      first[v] = add_dot(first[v], pair, taps);
      second[v] = add_dot(second[v], pair, next);
    }
  }
  for (size_t v = 0; v < vectors; ++v) {
    store_bytes(first[2 * v], first[2 * v + 1], upper + v * lanes);
    store_bytes(second[2 * v], second[2 * v + 1], lower + v * lanes);
  }
}

/// Two output rows.
void filter_columns(const Columns &columns, size_t count) {
  size_t i = 0;
  for (; i + block <= count; i += block) filter_columns(columns, i, columns.upper + i, columns.lower + i);
  if (i == count) return;
  uint8_t upper[block], lower[block];
  filter_columns(columns, i, upper, lower);
  std::copy_n(upper, count - i, columns.upper + i);
  std::copy_n(lower, count - i, columns.lower + i);
}

/// A stretch of all rows: pairs of filtered rows enter a ring, from which output rows are computed two at a time.
class Tile {
 public:
  Tile(const View &input, const GaussianKernel &kernel, size_t length)
      : input(input),
        kernel(kernel),
        length(length),
        rows(2, PairedRow(paired_length())),
        ring(2 * length * kept()),
        beyond(length) {
    for (int y = -kernel.radius; y < input.height + kernel.radius + 1; ++y) {
      places.push_back(reflected(y, input.height));
    }
  }

  /// Blurs bytes `first` ..< `first` + `count` of every row.
  void blur(View &output, int first, int count) {
    const Stretch stretch(input, first, count, kernel.radius);
    std::vector<const uint16_t *> pairs(kept());
    size_t ready = 0;
    for (int y = 0; y < input.height; y += 2) {
      const size_t begin = static_cast<size_t>(y) / 2;
      for (; ready < begin + kept(); ++ready) filter_pair(stretch, ready, static_cast<size_t>(count));
      for (size_t k = 0; k < kept(); ++k) pairs[k] = pair(begin + k);
      uint8_t *lower = y + 1 < input.height ? output.row(y + 1) + first : beyond.data();
      filter_columns({pairs.data(), kernel.column, output.row(y) + first, lower}, static_cast<size_t>(count));
    }
  }

 private:
  /// Number of row pairs that two output rows depend on.
  size_t kept() const { return static_cast<size_t>(kernel.radius) + 1; }

  size_t step() const { return static_cast<size_t>(input.channels); }

  size_t paired_length() const {
    const size_t needed = length + 2 * static_cast<size_t>(kernel.radius) * step();
    return (needed + block - 1) / block * block;
  }

  uint16_t *pair(size_t index) { return ring.data() + 2 * length * (index % kept()); }

  void filter_pair(const Stretch &stretch, size_t index, size_t count) {
    for (size_t k = 0; k < 2; ++k) {
      rows[k].read(stretch, input.row(places[2 * index + k]), step());
      stretch.prefetch(input, places[2 * index + k] + 2);
    }
    filter_rows(rows.data(), kernel.row, pair(index), count);
  }

  const View &input;
  const GaussianKernel &kernel;
  size_t length;
  std::vector<PairedRow> rows;
  AlignedValues<uint16_t> ring;
  std::vector<int> places;
  std::vector<uint8_t> beyond;
};

/// Blurs an image in vertical strips, narrow enough that the ring stays in or near the L1 cache.
void blur(const View &input, View &output, const GaussianKernel &kernel) {
  const int count = input.width * input.channels;
  const size_t fitting = 49152 / (2 * sizeof(uint16_t)) / static_cast<size_t>(kernel.radius + 1) / block;
  const size_t whole = (static_cast<size_t>(count) + block - 1) / block;
  const size_t length = std::min(std::max<size_t>(fitting, 2), whole) * block;
  Tile tile(input, kernel, length);
  for (int first = 0; first < count; first += static_cast<int>(length)) {
    tile.blur(output, first, std::min(static_cast<int>(length), count - first));
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(blur);
}

cimaging_status cimaging_gaussian_blur(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t size,
                                       double sigma, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(size > 0 && size % 2 == 1, "the number of taps is not odd");
    const std::vector<int> taps = gaussian_taps(size, sigma);
    if (blur_short(input, output, taps)) return;
    HWY_DYNAMIC_DISPATCH(blur)(input, output, gaussian_kernel(taps, static_cast<size_t>(input.channels)));
  });
}

#endif
