#include "Kernels/Geometry/lanczos.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Geometry/lanczos.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "Kernels/Geometry/interpolation.hpp"
#include "Kernels/Geometry/resize-inl.hpp"
#include "Kernels/Geometry/resize_rows.hpp"

#ifndef CIMAGING_LANCZOS_TAPS
#define CIMAGING_LANCZOS_TAPS

namespace cimaging {
namespace {

/// Columns or rows that count.
constexpr size_t tap_count = 8;

/// For each column or row of the result the place of the first that counts, and eight weights.
struct LanczosTaps {
  std::vector<int> places;
  std::vector<int16_t> weights;
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// A pixel of three values in each four integers of a vector.
using Sums = hn::RebindToSigned<Pixels>;
using Weights = hn::Repartition<int16_t, Sums>;

/// Sums of adjacent pairs of numbers times weights.
template <typename Tag, typename V>
HWY_INLINE hn::Vec<Tag> sums_of_pairs(Tag integers, V numbers, V weights) {
  auto rest = hn::Zero(integers);
  const auto sums = hn::ReorderWidenMulAccumulate(integers, numbers, weights, hn::Zero(integers), rest);
  return hn::RearrangeToOddPlusEven(sums, rest);
}

/// What two taps of each pixel add: the first or the second two of `bytes`, with the weights of pair `pair`.
template <size_t pair>
HWY_INLINE hn::Vec<Sums> products(hn::Vec<Taps> bytes, hn::Vec<Sums> weights) {
  constexpr int8_t k = pair % 2 * 6;
  alignas(16) static constexpr int8_t order[16] = {k,     -1, k + 3, -1, k + 1, -1, k + 4, -1,
                                                   k + 2, -1, k + 5, -1, -1,    -1, -1,    -1};
  const hn::RebindToSigned<Taps> indices;
  const auto values = hn::TableLookupBytesOr0(hn::BitCast(indices, bytes), hn::LoadDup128(indices, order));
  return sums_of_pairs(Sums(), hn::BitCast(Weights(), values), hn::BitCast(Weights(), hn::Broadcast<pair>(weights)));
}

/// Columns of three values. Where one is left over, another is computed; `row` has room for its rest.
void widen_color(const uint8_t *source, const LanczosTaps &taps, int32_t *row, size_t count) {
  const int *places = taps.places.data();
  const int16_t *first_weights = taps.weights.data();
  for (size_t i = 0; i < count; i += pixels) {
    const auto weights = hn::BitCast(Sums(), hn::LoadU(Weights(), first_weights + tap_count * i));
    const auto first = load_windows<pixels>(Taps(), source, places + i);
    const auto second = load_windows<pixels>(Taps(), source + 12, places + i);
    const auto sum = hn::Add(products<0>(first, weights), products<1>(first, weights));
    store_pixels(Sums(), hn::Add(sum, hn::Add(products<2>(second, weights), products<3>(second, weights))),
                 row + 3 * i);
  }
}

void widen_gray(const uint8_t *source, const LanczosTaps &taps, int32_t *row, size_t count) {
  const hn::FixedTag<int16_t, tap_count> shorts;
  const hn::FixedTag<uint8_t, tap_count> bytes;
  const hn::FixedTag<int32_t, tap_count / 2> integers;
  for (size_t i = 0; i < count; ++i) {
    const auto values = hn::PromoteTo(shorts, hn::LoadU(bytes, source + taps.places[i]));
    const auto weights = hn::LoadU(shorts, taps.weights.data() + tap_count * i);
    row[i] = hn::GetLane(hn::SumOfLanes(integers, sums_of_pairs(integers, values, weights)));
  }
}

/// Bytes from eight rows of integers, which have room for a whole vector of bytes behind `count`.
void combine(const int32_t *const *rows, const int16_t *weights, uint8_t *output, size_t count) {
  IntegerVector factors[tap_count];
  for (size_t k = 0; k < tap_count; ++k) factors[k] = hn::Set(Integers(), weights[k]);
  const auto bytes = [&](size_t i) {
    IntegerVector parts[4];
    for (size_t p = 0; p < 4; ++p) {
      IntegerVector sum = hn::Set(Integers(), 1 << 21);
      for (size_t k = 0; k < tap_count; ++k) {
        sum = hn::Add(sum, hn::Mul(factors[k], hn::LoadU(Integers(), rows[k] + i + p * quarter)));
      }
      parts[p] = hn::ShiftRight<22>(sum);
    }
    // Narrowing clamps.
    return join(parts);
  };
  store_row(bytes, output, count);
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(combine);
HWY_EXPORT(widen_color);
HWY_EXPORT(widen_gray);

namespace {

/// Weights of columns at distances of x + 3, x + 2, ... x − 4, with the angles of OpenCV: sines of eighths of a turn
/// further come from the first.
std::array<float, tap_count> lanczos_weights(float x) {
  constexpr double quarter_pi = 3.1415926535897932384626433832795 * 0.25, diagonal = 0.70710678118654752440084436210485;
  constexpr double turns[tap_count][2] = {{1, 0},  {-diagonal, -diagonal}, {0, 1},  {diagonal, -diagonal},
                                          {-1, 0}, {diagonal, diagonal},   {0, -1}, {-diagonal, diagonal}};
  const double angle = -(x + 3) * quarter_pi, sine = std::sin(angle), cosine = std::cos(angle);
  std::array<float, tap_count> weights;
  float sum = 0;
  for (size_t i = 0; i < tap_count; ++i) {
    const float distance = x + 3 - static_cast<float>(i);
    const double y = -distance * quarter_pi;
    // On a column, only that one counts.
    weights[i] =
        std::abs(distance) < 1e-6f ? 1e30f : static_cast<float>((turns[i][0] * sine + turns[i][1] * cosine) / (y * y));
    sum += weights[i];
  }
  sum = 1 / sum;
  for (float &weight : weights) weight *= sum;
  return weights;
}

/// Places are `step` apart and begin `before` places before the image.
LanczosTaps lanczos_taps(int from, int to, int step, int before) {
  const double scale = interpolation::scale(from, to);
  LanczosTaps taps;
  for (int i = 0; i < to; ++i) {
    const auto place = static_cast<float>((i + 0.5) * scale - 0.5);
    const float whole = std::floor(place);
    taps.places.push_back((static_cast<int>(whole) - 3 + before) * step);
    for (const float weight : lanczos_weights(place - whole)) {
      taps.weights.push_back(static_cast<int16_t>(std::lrint(weight * 2048)));
    }
  }
  // Two columns are computed at once.
  taps.places.push_back(taps.places.back());
  taps.weights.resize(taps.weights.size() + tap_count);
  return taps;
}

/// Rows of the source, as wide as the result. Keeps the eight that count.
class WideRows {
 public:
  WideRows(const View &input, const View &output)
      : input_(input),
        count_(static_cast<size_t>(output.width)),
        taps_(lanczos_taps(input.width, output.width, input.channels, beyond)),
        padded_(input.row_length() + 2 * beyond * static_cast<size_t>(input.channels) + widest_vector) {
    for (std::vector<int32_t> &row : rows_) row.resize(output.row_length() + widest_vector);
    numbers_.fill(-1);
  }

  /// Beyond the edge, the row at the edge.
  const int32_t *row(int y) {
    y = std::clamp(y, 0, input_.height - 1);
    const size_t slot = static_cast<size_t>(y) % tap_count;
    if (numbers_[slot] != y) {
      widen(y, rows_[slot].data());
      numbers_[slot] = y;
    }
    return rows_[slot].data();
  }

 private:
  /// Pixels beyond both edges that count.
  static constexpr int beyond = 4;

  void widen(int y, int32_t *row) {
    pad(input_.row(y));
    if (input_.channels == 3) {
      HWY_DYNAMIC_DISPATCH(widen_color)(padded_.data(), taps_, row, count_);
    } else {
      HWY_DYNAMIC_DISPATCH(widen_gray)(padded_.data(), taps_, row, count_);
    }
  }

  /// Copies a row, with pixels beyond the edge like the outermost.
  void pad(const uint8_t *source) {
    const size_t length = input_.row_length(), channels = static_cast<size_t>(input_.channels);
    auto next = padded_.begin();
    for (int k = 0; k < beyond; ++k) next = std::copy_n(source, channels, next);
    next = std::copy_n(source, length, next);
    for (int k = 0; k < beyond; ++k) next = std::copy_n(source + length - channels, channels, next);
  }

  const View &input_;
  size_t count_;
  LanczosTaps taps_;
  std::vector<uint8_t> padded_;
  std::array<std::vector<int32_t>, tap_count> rows_;
  std::array<int, tap_count> numbers_;
};

}  // namespace

void resize_lanczos(const View &input, View &output) {
  require(input.channels == 1 || input.channels == 3, "the image has neither one channel nor three");
  const LanczosTaps taps = lanczos_taps(input.height, output.height, 1, 0);
  WideRows wide(input, output);
  for (int y = 0; y < output.height; ++y) {
    const auto place = static_cast<size_t>(y);
    const int32_t *rows[tap_count];
    for (size_t k = 0; k < tap_count; ++k) rows[k] = wide.row(taps.places[place] + static_cast<int>(k));
    HWY_DYNAMIC_DISPATCH(combine)(rows, &taps.weights[tap_count * place], output.row(y), output.row_length());
  }
}

}  // namespace cimaging

#endif
