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

#ifndef CIMAGING_CUBIC_TAP
#define CIMAGING_CUBIC_TAP

namespace cimaging {
namespace {

/// The second of the four columns or rows of the source that count for one of the result, and the weights of all.
struct CubicTap {
  int second;
  std::array<float, 4> weights;
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

/// Bytes from four rows of floats, which have room for a whole vector behind `count`.
void combine(const float *const *rows, const float *weights, uint8_t *output, size_t count) {
  const hn::ScalableTag<float> floats;
  const hn::Rebind<uint8_t, decltype(floats)> bytes;
  const size_t lanes = hn::Lanes(floats);
  const auto value = [&](size_t i) {
    auto sum = hn::Mul(hn::Set(floats, weights[0]), hn::LoadU(floats, rows[0] + i));
    for (int k = 1; k < 4; ++k) {
      sum = hn::Add(sum, hn::Mul(hn::Set(floats, weights[k]), hn::LoadU(floats, rows[k] + i)));
    }
    return hn::DemoteTo(bytes, hn::NearestInt(sum));
  };
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(value(i), bytes, output + i);
  if (i == count) return;
  uint8_t last[hn::MaxLanes(floats)];
  hn::StoreU(value(i), bytes, last);
  std::copy_n(last, count - i, output + i);
}

/// A row as wide as the result. `source` begins with a pixel before the image; both have room for a fourth value behind
/// the last pixel of three.
void widen(const uint8_t *source, const std::vector<CubicTap> &taps, int channels, float *row) {
  const hn::FixedTag<float, 4> pixel;
  const hn::Rebind<int32_t, decltype(pixel)> integers;
  const hn::Rebind<uint8_t, decltype(pixel)> bytes;
  const auto values = [&](const uint8_t *from) {
    return hn::ConvertTo(pixel, hn::PromoteTo(integers, hn::LoadU(bytes, from)));
  };
  for (const CubicTap &tap : taps) {
    const uint8_t *from = source + static_cast<ptrdiff_t>(tap.second) * channels;
    if (channels == 3) {
      auto sum = hn::Mul(hn::Set(pixel, tap.weights[0]), values(from));
      for (size_t k = 1; k < 4; ++k) {
        sum = hn::Add(sum, hn::Mul(hn::Set(pixel, tap.weights[k]), values(from + 3 * k)));
      }
      hn::StoreU(sum, pixel, row);
    } else {
      *row = tap.weights[0] * static_cast<float>(from[0]);
      for (size_t k = 1; k < 4; ++k) *row += tap.weights[k] * static_cast<float>(from[k]);
    }
    row += channels;
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(combine);
HWY_EXPORT(widen);

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

std::vector<CubicTap> cubic_taps(int from, int to) {
  const double scale = static_cast<double>(from) / to;
  std::vector<CubicTap> taps(static_cast<size_t>(to));
  for (size_t i = 0; i < taps.size(); ++i) {
    const double place = (static_cast<double>(i) + 0.5) * scale - 0.5, whole = std::floor(place);
    taps[i] = {static_cast<int>(whole), cubic_weights(place - whole)};
  }
  return taps;
}

/// Rows of the source, as wide as the result. Keeps the last four: rows of the result follow each other.
class WideRows {
 public:
  WideRows(const View &input, const View &output)
      : input_(input), taps_(cubic_taps(input.width, output.width)), padded_(input.row_length() + before + behind) {
    for (std::vector<float> &row : rows_) row.resize(output.row_length() + widest_vector);
    numbers_.fill(-1);
  }

  /// Beyond the edge, the row at the edge.
  const float *row(int y) {
    y = std::clamp(y, 0, input_.height - 1);
    const size_t slot = static_cast<size_t>(y) % rows_.size();
    if (numbers_[slot] != y) {
      read(input_.row(y));
      const uint8_t *source = padded_.data() + before - input_.channels;
      HWY_DYNAMIC_DISPATCH(widen)(source, taps_, input_.channels, rows_[slot].data());
      numbers_[slot] = y;
    }
    return rows_[slot].data();
  }

 private:
  /// In floats, on any instruction set.
  static constexpr size_t widest_vector = 16;
  /// Room for two pixels before the image, which are the first that count, and for two and a value behind it.
  static constexpr size_t before = 6, behind = 7;

  /// Takes the values of a row, with pixels beyond the edge like the outermost.
  void read(const uint8_t *source) {
    const size_t count = input_.row_length(), channels = static_cast<size_t>(input_.channels);
    uint8_t *values = padded_.data() + before;
    std::copy_n(source, count, values);
    for (size_t pixel = 1; pixel <= 2; ++pixel) {
      std::copy_n(source, channels, values - pixel * channels);
      std::copy_n(source + count - channels, channels, values + count + (pixel - 1) * channels);
    }
  }

  const View &input_;
  std::vector<CubicTap> taps_;
  std::vector<uint8_t> padded_;
  std::array<std::vector<float>, 4> rows_;
  std::array<int, 4> numbers_;
};

}  // namespace

void resize_cubic(const View &input, View &output) {
  require(input.channels == 1 || input.channels == 3, "the image has neither one channel nor three");
  const std::vector<CubicTap> taps = cubic_taps(input.height, output.height);
  WideRows wide(input, output);
  for (int y = 0; y < output.height; ++y) {
    const CubicTap &tap = taps[static_cast<size_t>(y)];
    const float *rows[4];
    for (int k = 0; k < 4; ++k) rows[k] = wide.row(tap.second - 1 + k);
    HWY_DYNAMIC_DISPATCH(combine)(rows, tap.weights.data(), output.row(y), output.row_length());
  }
}

}  // namespace cimaging

#endif
