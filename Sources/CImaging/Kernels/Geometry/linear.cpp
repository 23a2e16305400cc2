#include "Kernels/Geometry/linear.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Geometry/linear.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "Kernels/Geometry/interpolation.hpp"
#include "Kernels/Geometry/resize-inl.hpp"
#include "Kernels/Geometry/resize_rows.hpp"
#include "OpenCV/opencv.hpp"

#ifndef CIMAGING_LINEAR_TAPS
#define CIMAGING_LINEAR_TAPS

namespace cimaging {
namespace {

/// In an order, gives 0.
constexpr uint8_t nothing = 0x80;

/// For eight consecutive values of the result, in two halves: which of the loaded bytes are the two taps of each, and
/// the weights of both.
struct alignas(64) Eight {
  uint8_t order[2][16];
  int16_t weights[2][8];
};

/// All values of a row. For each eight, bytes are loaded at `windows` places: 16 for all or for each half, or some for
/// each pixel.
struct Columns {
  const Eight *eights;
  const int *places;
  size_t count, windows;
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Each 16 bytes of a vector are for one row.
using Products = hn::Repartition<int32_t, Taps>;
using Values = hn::Repartition<int16_t, Taps>;
using ValuesOfRow = hn::FixedTag<int16_t, 8>;
constexpr size_t rows_at_once = hn::MaxLanes(Taps()) / 16;

/// The taps of four values of `rows_at_once` rows.
template <size_t count>
HWY_INLINE hn::Vec<Taps> load_taps(const uint8_t *const *rows, const int *places) {
  const hn::FixedTag<uint8_t, 16> one;
  if constexpr (rows_at_once == 1) {
    return load_windows<count>(one, rows[0], places);
  } else {
    return hn::Combine(Taps(), load_windows<count>(one, rows[1], places), load_windows<count>(one, rows[0], places));
  }
}

/// Four values of each row, with 7 fraction bits.
HWY_INLINE hn::Vec<Products> blend_four(hn::Vec<Taps> taps, const uint8_t *order, const int16_t *weights) {
  const hn::RebindToSigned<Taps> indices;
  const auto ordered =
      hn::TableLookupBytesOr0(hn::BitCast(indices, taps), hn::BitCast(indices, hn::LoadDup128(Taps(), order)));
  auto rest = hn::Zero(Products());
  const auto sums = hn::ReorderWidenMulAccumulate(Products(), hn::BitCast(Values(), ordered),
                                                  hn::LoadDup128(Values(), weights), hn::Zero(Products()), rest);
  return hn::ShiftRight<4>(hn::RearrangeToOddPlusEven(sums, rest));
}

template <size_t windows>
HWY_INLINE void blend_windows(RowPair<const uint8_t> source, const Columns &columns, RowPair<int16_t> rows) {
  constexpr size_t half = windows == 1 ? 1 : windows / 2;
  const auto [eights, places, count, _] = columns;
  for (size_t i = 0; i < count; ++i) {
    const Eight &eight = eights[i];
    const int *first_places = places + windows * i;
    for (size_t r = 0; r < 2; r += rows_at_once) {
      const auto first = load_taps<half>(source.data() + r, first_places);
      const auto second = windows == 1 ? first : load_taps<half>(source.data() + r, first_places + half);
      const auto values = hn::ReorderDemote2To(Values(), blend_four(first, eight.order[0], eight.weights[0]),
                                               blend_four(second, eight.order[1], eight.weights[1]));
      if constexpr (rows_at_once == 1) {
        hn::StoreU(values, ValuesOfRow(), rows[r] + 8 * i);
      } else {
        hn::StoreU(hn::LowerHalf(values), ValuesOfRow(), rows[0] + 8 * i);
        hn::StoreU(hn::UpperHalf(ValuesOfRow(), values), ValuesOfRow(), rows[1] + 8 * i);
      }
    }
  }
}

void blend_columns(RowPair<const uint8_t> source, const Columns &columns, RowPair<int16_t> rows) {
  switch (columns.windows) {
    case 1: return blend_windows<1>(source, columns, rows);
    case 2: return blend_windows<2>(source, columns, rows);
    case 4: return blend_windows<4>(source, columns, rows);
    default: return blend_windows<8>(source, columns, rows);
  }
}

/// Bytes from two rows, which have room for whole vectors behind `count`.
void blend_rows(RowPair<const int16_t> rows, const int16_t *weights, uint8_t *output, size_t count) {
  const Shorts shorts;
  const auto upper_weight = hn::Set(shorts, weights[0]), lower_weight = hn::Set(shorts, weights[1]);
  const auto blend = [&](size_t i) {
    const auto sum = hn::Add(hn::MulHigh(hn::LoadU(shorts, rows[0] + i), upper_weight),
                             hn::MulHigh(hn::LoadU(shorts, rows[1] + i), lower_weight));
    return hn::ShiftRight<2>(hn::Add(sum, hn::Set(shorts, 2)));
  };
  const auto bytes = [&](size_t i) { return in_order(pack(blend(i), blend(i + lanes / 2))); };
  store_row(bytes, output, count);
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(blend_columns);
HWY_EXPORT(blend_rows);

namespace {

/// The first of two columns or rows, and the weights of both.
struct LinearTap {
  int place;
  int16_t weights[2];
};

std::vector<LinearTap> linear_taps(int from, int to, Weighting weighting) {
  const double scale = interpolation::scale(from, to), inverse = static_cast<double>(to) / from;
  const auto weight = [](float part) { return static_cast<int16_t>(std::lrint(part * 2048)); };
  std::vector<LinearTap> taps(static_cast<size_t>(to));
  for (int i = 0; i < to; ++i) {
    auto place = static_cast<float>((i + 0.5) * scale - 0.5), whole = std::floor(place), fraction = place - whole;
    if (weighting == Weighting::areas) {
      whole = static_cast<float>(std::floor(i * scale));
      place = static_cast<float>(i + 1 - (whole + 1) * inverse);
      fraction = place <= 0 ? 0 : place - std::floor(place);
    }
    taps[static_cast<size_t>(i)] = {static_cast<int>(whole), {weight(1 - fraction), weight(fraction)}};
  }
  return taps;
}

/// A value of the result: its column, its two taps in the row, and the place of the first pixel they belong to.
struct Value {
  int column, pixel;
  int taps[2];
  int16_t weights[2];
};

/// The values of a row; the last is repeated until there are eights. Beyond the edge there is only the column at the
/// edge.
std::vector<Value> values_of_row(const View &input, const View &output, Weighting weighting) {
  const int channels = input.channels, last = (input.width - 1) * channels;
  int column = 0;
  const std::vector<LinearTap> taps = linear_taps(input.width, output.width, weighting);
  std::vector<Value> values((output.row_length() + 7) / 8 * 8);
  auto next = values.begin();
  for (LinearTap tap : taps) {
    const int place = tap.place * channels, pixel = std::clamp(place, 0, last);
    const bool is_alone = place != pixel || place == last;
    if (is_alone) tap = {0, {2048, 0}};
    for (int channel = 0; channel < channels; ++channel) {
      const int first = pixel + channel, second = is_alone ? first : first + channels;
      *next++ = {column, pixel, {first, second}, {tap.weights[0], tap.weights[1]}};
    }
    ++column;
  }
  std::fill(next, values.end(), *(next - 1));
  return values;
}

/// Plans what is loaded for the values of a row.
class ColumnPlan {
 public:
  ColumnPlan(const View &input, const View &output, Weighting weighting)
      : channels_(input.channels), length_(static_cast<int>(input.row_length())) {
    const std::vector<Value> values = values_of_row(input, output, weighting);
    const size_t for_each = channels_ == 3 ? 4 : 8;
    windows_ = share(values, 8) ? 1 : share(values, 4) ? 2 : for_each;
    eights_.resize(values.size() / 8);
    places_.resize(eights_.size() * windows_);
    for (size_t i = 0; i < eights_.size(); ++i) {
      for (size_t half = 0; half < 2; ++half) arrange(&values[8 * i], i, half);
    }
  }

  Columns columns() const { return {eights_.data(), places_.data(), eights_.size(), windows_}; }

 private:
  /// Whether each `count` values have their taps in one window.
  bool share(const std::vector<Value> &values, size_t count) const {
    for (size_t i = 0; i < values.size(); i += count) {
      if (values[i + count - 1].pixel + 2 * channels_ - values[i].pixel > reach) return false;
    }
    return true;
  }

  /// Plans four of eight values. They have one window, or each of their pixels has one.
  void arrange(const Value *eight, size_t number, size_t half) {
    const Value *four = eight + 4 * half;
    const size_t in_four = std::max<size_t>(windows_ / 2, 1);
    const int size = reach / static_cast<int>(in_four);
    int *places = &places_[number * windows_ + half * (windows_ / 2)];
    uint8_t *order = eights_[number].order[half];
    int16_t *weights = eights_[number].weights[half];
    for (size_t k = 0; k < 4; ++k) {
      const Value &value = four[k], &first = windows_ == 1 ? *eight : windows_ == 2 ? *four : value;
      const int window = in_four == 1 ? 0 : value.column - four->column;
      const int place = std::min(first.pixel, length_ - size), shift = window * size - place;
      places[window] = place;
      for (const size_t tap : {0, 1}) {
        *order++ = static_cast<uint8_t>(value.taps[tap] + shift);
        *order++ = nothing;
        *weights++ = value.weights[tap];
      }
    }
  }

  int channels_, length_;
  size_t windows_;
  std::vector<Eight> eights_;
  std::vector<int> places_;
};

/// Rows of the source, as wide as the result, made in pairs of those that count. Keeps two pairs, of which any two
/// consecutive rows are.
class WideRows {
 public:
  WideRows(const View &input, const ColumnPlan &plan, const std::vector<LinearTap> &taps) : input_(input), plan_(plan) {
    for (const LinearTap &tap : taps) {
      for (int k = 0; k < 2; ++k) {
        const int y = inside(tap.place + k);
        if (places_.empty() || places_.back() < y) places_.push_back(y);
      }
    }
    for (std::vector<int16_t> &row : rows_) row.resize(8 * plan.columns().count + widest_vector);
    pairs_.fill(places_.size());
  }

  /// Beyond the edge, the row at the edge. Rows are asked for from top to bottom.
  RowPair<const int16_t> rows(int y) {
    while (places_[next_] < inside(y)) ++next_;
    return {row(next_), row(inside(y) == inside(y + 1) ? next_ : next_ + 1)};
  }

 private:
  int inside(int y) const { return std::clamp(y, 0, input_.height - 1); }

  const int16_t *row(size_t number) {
    const size_t pair = number / 2, slot = pair % 2;
    if (pairs_[slot] != pair) {
      const size_t first = 2 * pair, second = std::min(first + 1, places_.size() - 1);
      HWY_DYNAMIC_DISPATCH(blend_columns)
      ({input_.row(places_[first]), input_.row(places_[second])}, plan_.columns(),
       {rows_[2 * slot].data(), rows_[2 * slot + 1].data()});
      pairs_[slot] = pair;
    }
    return rows_[2 * slot + number % 2].data();
  }

  const View &input_;
  const ColumnPlan &plan_;
  /// The rows that count.
  std::vector<int> places_;
  size_t next_ = 0;
  std::array<std::vector<int16_t>, 4> rows_;
  std::array<size_t, 2> pairs_;
};

}  // namespace

void resize_linear(const View &input, View &output, Weighting weighting) {
  const int kind = weighting == Weighting::areas ? interpolation::area : interpolation::linear;
  if (input.row_length() < reach) return opencv::resize(input, output, kind);
  require(input.channels == 1 || input.channels == 3, "the image has neither one channel nor three");
  const std::vector<LinearTap> taps = linear_taps(input.height, output.height, weighting);
  const ColumnPlan plan(input, output, weighting);
  WideRows wide(input, plan, taps);
  for (int y = 0; y < output.height; ++y) {
    const LinearTap &tap = taps[static_cast<size_t>(y)];
    HWY_DYNAMIC_DISPATCH(blend_rows)(wide.rows(tap.place), tap.weights, output.row(y), output.row_length());
  }
}

}  // namespace cimaging

#endif
