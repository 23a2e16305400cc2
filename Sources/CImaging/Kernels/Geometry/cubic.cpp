#include "Kernels/Geometry/cubic.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Geometry/cubic.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "Kernels/Geometry/resize-inl.hpp"
#include "Kernels/Geometry/resize_rows.hpp"

#ifndef CIMAGING_CUBIC_TAPS
#define CIMAGING_CUBIC_TAPS

namespace cimaging {
namespace {

/// For each column or row of the result the place of the first of the four of the source that count, and four weights.
struct CubicTaps {
  std::vector<int> places;
  std::vector<float> weights;
};

/// Consecutive columns of the result.
struct Columns {
  const int *places;
  const float *weights;
  size_t count;
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Bytes from four rows of floats, which have room for a whole vector of bytes behind `count`.
void combine(const float *const *rows, const float *weights, uint8_t *output, size_t count) {
  FloatVector factors[4];
  for (size_t k = 0; k < 4; ++k) factors[k] = hn::Set(Floats(), weights[k]);
  const auto bytes = [&](size_t i) {
    IntegerVector parts[4];
    for (size_t p = 0; p < 4; ++p) {
      const size_t place = i + p * quarter;
      FloatVector sum = hn::Mul(factors[0], hn::LoadU(Floats(), rows[0] + place));
      for (size_t k = 1; k < 4; ++k) sum = hn::Add(sum, hn::Mul(factors[k], hn::LoadU(Floats(), rows[k] + place)));
      parts[p] = nearest(sum);
    }
    return join(parts);
  };
  store_row(bytes, output, count);
}

/// Columns of three values. More may be computed to fill a vector, for which `rows` have room.
void widen_color(RowPair<const uint8_t> source, const Columns &columns, RowPair<float> rows) {
  const auto [places, first_weights, count] = columns;
  for (size_t i = 0; i < count; i += pixels) {
    const auto weights = hn::LoadU(Pixels(), first_weights + 4 * i);
    for (size_t r = 0; r < 2; ++r) {
      const auto bytes = load_windows<pixels>(Taps(), source[r], places + i);
      auto sum = hn::Add(product<0>(bytes, weights), product<1>(bytes, weights));
      sum = hn::Add(hn::Add(sum, product<2>(bytes, weights)), product<3>(bytes, weights));
      store_pixels(Pixels(), sum, rows[r] + 3 * i);
    }
  }
}

/// Columns of one value: what each tap of a column adds, for four columns, which are then transposed to be summed.
void widen_gray(RowPair<const uint8_t> source, const Columns &columns, RowPair<float> rows) {
  const hn::FixedTag<float, 4> four;
  const hn::Rebind<int32_t, decltype(four)> integers;
  const hn::Rebind<uint8_t, decltype(four)> bytes;
  const auto product = [&](size_t r, size_t i) {
    const auto values = hn::PromoteTo(integers, hn::LoadU(bytes, source[r] + columns.places[i]));
    return hn::Mul(hn::LoadU(four, columns.weights + 4 * i), hn::ConvertTo(four, values));
  };
  for (size_t i = 0; i < columns.count; i += 4) {
    for (size_t r = 0; r < 2; ++r) {
      const auto a = product(r, i), b = product(r, i + 1), c = product(r, i + 2), d = product(r, i + 3);
      const auto even = hn::InterleaveLower(four, a, c), odd = hn::InterleaveLower(four, b, d);
      const auto last_even = hn::InterleaveUpper(four, a, c), last_odd = hn::InterleaveUpper(four, b, d);
      auto sum = hn::Add(hn::InterleaveLower(four, even, odd), hn::InterleaveUpper(four, even, odd));
      sum = hn::Add(sum, hn::InterleaveLower(four, last_even, last_odd));
      hn::StoreU(hn::Add(sum, hn::InterleaveUpper(four, last_even, last_odd)), four, rows[r] + i);
    }
  }
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

/// Keys' cubic with a slope of −0.75, at 1 + x, x, 1 − x and 2 − x.
std::array<float, 4> cubic_weights(double x) {
  constexpr double a = -0.75;
  const auto inner = [](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
  const double first = ((a * (x + 1) - 5 * a) * (x + 1) + 8 * a) * (x + 1) - 4 * a;
  const double second = inner(x), third = inner(1 - x);
  return {static_cast<float>(first), static_cast<float>(second), static_cast<float>(third),
          static_cast<float>(1 - first - second - third)};
}

/// Places are `step` apart.
CubicTaps cubic_taps(int from, int to, int step) {
  const double scale = static_cast<double>(from) / to;
  CubicTaps taps;
  for (int i = 0; i < to; ++i) {
    const double place = (i + 0.5) * scale - 0.5, whole = std::floor(place);
    const std::array<float, 4> weights = cubic_weights(place - whole);
    taps.places.push_back((static_cast<int>(whole) - 1) * step);
    taps.weights.insert(taps.weights.end(), weights.begin(), weights.end());
  }
  // Up to four columns are computed at once.
  taps.places.resize(taps.places.size() + 3, taps.places.back());
  taps.weights.resize(taps.weights.size() + 12);
  return taps;
}

/// Rows of the source, as wide as the result, made in pairs. Keeps three pairs, of which any four consecutive rows are.
class WideRows {
 public:
  WideRows(const View &input, const View &output)
      : input_(input), count_(static_cast<size_t>(output.width)), taps_(cubic_taps(input.width, output.width, step())) {
    const int length = static_cast<int>(input.row_length());
    const auto end = taps_.places.begin() + output.width;
    inside_ = static_cast<size_t>(std::lower_bound(taps_.places.begin(), end, 0) - taps_.places.begin());
    const auto last = std::upper_bound(taps_.places.begin(), end, length - reach);
    const size_t safe = std::max(static_cast<size_t>(last - taps_.places.begin()), inside_);
    // Up to four columns are computed at once.
    end_ = inside_ + (safe - inside_) / 4 * 4;
    for (std::vector<uint8_t> &row : padded_) row.resize(before() + input.row_length() + behind);
    for (std::vector<float> &row : rows_) row.resize(output.row_length() + widest_vector);
    numbers_.fill(-1);
  }

  /// Beyond the edge, the row at the edge.
  const float *row(int y) {
    y = std::clamp(y, 0, input_.height - 1);
    const int number = y / 2;
    const size_t slot = static_cast<size_t>(number) % numbers_.size();
    if (numbers_[slot] != number) {
      widen(number, {rows_[2 * slot].data(), rows_[2 * slot + 1].data()});
      numbers_[slot] = number;
    }
    return rows_[2 * slot + static_cast<size_t>(y % 2)].data();
  }

 private:
  /// Room for two pixels and for what is loaded beyond them.
  static constexpr size_t behind = 6 + reach;

  int step() const { return input_.channels; }

  /// Room for two pixels before the image, which are the first that count.
  size_t before() const { return 2 * static_cast<size_t>(input_.channels); }

  void widen(int number, RowPair<float> rows) {
    RowPair<const uint8_t> source, padded;
    for (size_t k = 0; k < 2; ++k) {
      source[k] = input_.row(std::min(2 * number + static_cast<int>(k), input_.height - 1));
      pad(source[k], padded_[k].data() + before());
      padded[k] = padded_[k].data() + before();
    }
    // From left to right, because columns too many are overwritten.
    widen(padded, 0, inside_, rows);
    widen(source, inside_, end_, rows);
    widen(padded, end_, count_, rows);
  }

  void widen(RowPair<const uint8_t> source, size_t first, size_t end, RowPair<float> rows) const {
    const Columns columns{taps_.places.data() + first, taps_.weights.data() + 4 * first, end - first};
    for (float *&row : rows) row += first * static_cast<size_t>(input_.channels);
    if (input_.channels == 3) {
      HWY_DYNAMIC_DISPATCH(widen_color)(source, columns, rows);
    } else {
      HWY_DYNAMIC_DISPATCH(widen_gray)(source, columns, rows);
    }
  }

  /// Takes the values under the columns at both ends of a row, with pixels beyond the edge like the outermost.
  void pad(const uint8_t *source, uint8_t *values) const {
    const size_t length = input_.row_length(), channels = static_cast<size_t>(input_.channels);
    std::copy_n(source, std::min<size_t>(length, reach), values);
    const size_t first = std::min(length, static_cast<size_t>(std::max(taps_.places[end_], 0)));
    std::copy(source + first, source + length, values + first);
    for (size_t pixel = 1; pixel <= 2; ++pixel) {
      std::copy_n(source, channels, values - pixel * channels);
      std::copy_n(source + length - channels, channels, values + length + (pixel - 1) * channels);
    }
  }

  const View &input_;
  size_t count_;
  CubicTaps taps_;
  /// The columns under which nothing beyond the row is loaded.
  size_t inside_, end_;
  /// The ends of two rows, in place.
  std::array<std::vector<uint8_t>, 2> padded_;
  std::array<std::vector<float>, 6> rows_;
  std::array<int, 3> numbers_;
};

}  // namespace

void resize_cubic(const View &input, View &output) {
  require(input.channels == 1 || input.channels == 3, "the image has neither one channel nor three");
  const CubicTaps taps = cubic_taps(input.height, output.height, 1);
  WideRows wide(input, output);
  for (int y = 0; y < output.height; ++y) {
    const auto place = static_cast<size_t>(y);
    const float *rows[4];
    for (int k = 0; k < 4; ++k) rows[k] = wide.row(taps.places[place] + k);
    HWY_DYNAMIC_DISPATCH(combine)(rows, taps.weights.data() + 4 * place, output.row(y), output.row_length());
  }
}

}  // namespace cimaging

#endif
