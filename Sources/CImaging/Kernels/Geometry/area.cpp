#include "Kernels/Geometry/area.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Geometry/area.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <vector>

#include "Kernels/Geometry/area_plan.hpp"
#include "Kernels/Geometry/interpolation.hpp"
#include "Kernels/Geometry/resize-inl.hpp"
#include "OpenCV/opencv.hpp"

#ifndef CIMAGING_AREA_COLUMNS
#define CIMAGING_AREA_COLUMNS

namespace cimaging {
namespace {

/// Columns of the result, in fours. Each has `blocks` of four consecutive columns of the source, from that at `places`,
/// in bytes. A block of a four has sixteen weights: those of a pixel of three values follow each other, those of levels
/// are one of each pixel after another.
struct Columns {
  const int *places;
  const float *weights;
  size_t count, blocks;
  bool is_last_empty;  // in each block the last column counts nothing
};

/// The rows of the source under one of the result, and their weights. The last may also lie under the next row of the
/// result: what it gave is kept in `kept` until then.
struct Rows {
  const uint8_t *const *rows;
  const float *weights;
  size_t count;
  float share;  // what sums are multiplied by
  float *kept;
  bool is_first_kept, keeps_last;
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Values of four pixels of the result.
template <typename Tag, size_t count>
struct Four {
  hn::Vec<Tag> parts[count];
};

/// Weighted sums of rows, of which `across` gives the values.
template <typename Tag, size_t count, typename Across>
HWY_INLINE Four<Tag, count> sum_rows(const Rows &rows, float *kept, Across across) {
  const Tag tag;
  Four<Tag, count> sums, values;
  for (size_t p = 0; p < count; ++p) sums.parts[p] = values.parts[p] = hn::Zero(tag);
  const auto add = [&](float weight) {
    for (size_t p = 0; p < count; ++p) {
      sums.parts[p] = hn::Add(sums.parts[p], hn::Mul(hn::Set(tag, weight), values.parts[p]));
    }
  };
  size_t k = 0;
  if (rows.is_first_kept) {
    for (size_t p = 0; p < count; ++p) values.parts[p] = hn::LoadU(tag, kept + p * hn::MaxLanes(tag));
    add(rows.weights[k++]);
  }
  for (; k < rows.count; ++k) {
    values = across(rows.rows[k]);
    add(rows.weights[k]);
  }
  if (rows.keeps_last) {
    for (size_t p = 0; p < count; ++p) hn::StoreU(values.parts[p], tag, kept + p * hn::MaxLanes(tag));
  }
  for (auto &sum : sums.parts) sum = hn::Mul(sum, hn::Set(tag, rows.share));
  return sums;
}

/// Rounds half to even: 1.5 × 2²³ more has an integer in its lowest bits, and in the first of four bytes one of 0 ...
/// 255.
template <typename Tag>
HWY_INLINE hn::Vec<hn::Repartition<int8_t, Tag>> nearest_bytes(Tag floats, hn::Vec<Tag> values) {
  return hn::BitCast(hn::Repartition<int8_t, Tag>(), hn::Add(values, hn::Set(floats, 12582912.0f)));
}

using FourColors = Four<Pixels, 4 / pixels>;

/// Weighted sums of the first columns of each block.
template <size_t columns>
HWY_INLINE FourColors across_colors(const uint8_t *source, const int *places, const float *weights, size_t blocks) {
  FourColors sums;
  for (auto &sum : sums.parts) sum = hn::Zero(Pixels());
  for (size_t block = 0; block < blocks; ++block) {
    for (size_t p = 0; p < 4 / pixels; ++p) {
      const auto bytes = load_windows<pixels>(Taps(), source + 12 * block, places + p * pixels);
      const auto some = hn::LoadU(Pixels(), weights + 16 * block + 4 * p * pixels);
      auto sum = hn::Add(hn::Add(sums.parts[p], product<0>(bytes, some)), product<1>(bytes, some));
      sum = hn::Add(sum, product<2>(bytes, some));
      if constexpr (columns == 4) sum = hn::Add(sum, product<3>(bytes, some));
      sums.parts[p] = sum;
    }
  }
  return sums;
}

/// Stores three bytes of each pixel, and some that are overwritten later.
template <typename Tag>
HWY_INLINE void store_colors(Tag floats, hn::Vec<Tag> values, uint8_t *output) {
  const hn::Repartition<int8_t, Tag> bytes;
  const hn::FixedTag<int8_t, 8> eight;
  alignas(32) static constexpr int8_t order[32] = {0,  4,  8,  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                                                   -1, -1, -1, 0,  4,  8,  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  const auto triples = hn::TableLookupBytesOr0(nearest_bytes(floats, values), hn::Load(bytes, order));
  auto *const place = reinterpret_cast<int8_t *>(output);
  if constexpr (pixels == 1) {
    hn::StoreU(hn::LowerHalf(triples), eight, place);
  } else {
    const hn::Half<decltype(bytes)> half;
    hn::StoreU(hn::LowerHalf(hn::Or(hn::LowerHalf(triples), hn::UpperHalf(half, triples))), eight, place);
  }
}

template <size_t columns>
HWY_INLINE void take_some_colors(const Rows &rows, const Columns &all, uint8_t *output) {
  for (size_t i = 0; i < all.count; i += 4) {
    const auto across = [&](const uint8_t *source) {
      return across_colors<columns>(source, all.places + i, all.weights + 4 * i * all.blocks, all.blocks);
    };
    const FourColors sums = sum_rows<Pixels, 4 / pixels>(rows, rows.kept + 4 * i, across);
    for (size_t p = 0; p < 4 / pixels; ++p) store_colors(Pixels(), sums.parts[p], output + 3 * (i + p * pixels));
  }
}

/// Means of pixels, for which the result and what is kept have room behind them.
void take_colors(Rows rows, Columns columns, uint8_t *output) {
  if (columns.is_last_empty) {
    take_some_colors<3>(rows, columns, output);
  } else {
    take_some_colors<4>(rows, columns, output);
  }
}

using Levels = hn::FixedTag<float, 4>;
using FourLevels = Four<Levels, 1>;

HWY_INLINE FourLevels across_greys(const uint8_t *source, const int *places, const float *weights, size_t blocks) {
  alignas(16) static constexpr int8_t orders[4][16] = {{0, -1, -1, -1, 4, -1, -1, -1, 8, -1, -1, -1, 12, -1, -1, -1},
                                                       {1, -1, -1, -1, 5, -1, -1, -1, 9, -1, -1, -1, 13, -1, -1, -1},
                                                       {2, -1, -1, -1, 6, -1, -1, -1, 10, -1, -1, -1, 14, -1, -1, -1},
                                                       {3, -1, -1, -1, 7, -1, -1, -1, 11, -1, -1, -1, 15, -1, -1, -1}};
  const hn::Repartition<uint8_t, Levels> taps;  // four of each of four pixels
  auto sum = hn::Zero(Levels());
  for (size_t block = 0; block < blocks; ++block) {
    const auto bytes = load_windows<4>(taps, source + 4 * block, places);
    for (size_t k = 0; k < 4; ++k) {
      const auto some = hn::LoadU(Levels(), weights + 16 * block + 4 * k);
      sum = hn::Add(sum, hn::Mul(some, floats_at(Levels(), bytes, orders[k])));
    }
  }
  return {{sum}};
}

/// As `take_colors`, for levels.
void take_greys(Rows rows, Columns columns, uint8_t *output) {
  alignas(4) static constexpr int8_t firsts[16] = {0, 4, 8, 12};
  const hn::FixedTag<int8_t, 16> bytes;
  const hn::FixedTag<int8_t, 4> four;
  for (size_t i = 0; i < columns.count; i += 4) {
    const auto across = [&](const uint8_t *source) {
      return across_greys(source, columns.places + i, columns.weights + 4 * i * columns.blocks, columns.blocks);
    };
    const FourLevels sums = sum_rows<Levels, 1>(rows, rows.kept + i, across);
    const auto levels = hn::TableLookupBytes(nearest_bytes(Levels(), sums.parts[0]), hn::LoadU(bytes, firsts));
    hn::StoreU(hn::LowerHalf(hn::LowerHalf(levels)), four, reinterpret_cast<int8_t *>(output + i));
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(take_colors);
HWY_EXPORT(take_greys);

namespace {

/// Rows of the source, behind which as much may be read as four columns need.
class SafeRows {
 public:
  SafeRows(const View &input, size_t room) : input_(input), stride_(input.row_length()) {
    const size_t height = static_cast<size_t>(input.height), last = std::min(height, (room - 1) / input.stride + 1);
    safe_ = height - last;
    copies_.resize(last * stride_ + room);
    for (size_t y = safe_; y < height; ++y) {
      std::copy_n(input.row(static_cast<int>(y)), stride_, copies_.data() + (y - safe_) * stride_);
    }
  }

  const uint8_t *operator[](size_t y) const {
    return y < safe_ ? input_.row(static_cast<int>(y)) : copies_.data() + (y - safe_) * stride_;
  }

 private:
  const View &input_;
  size_t stride_, safe_;
  /// The last rows: behind the others there are rows.
  std::vector<uint8_t> copies_;
};

/// Takes rows of the result from top to bottom.
class AreaRows {
 public:
  AreaRows(const View &input, const View &output, const AreaPlan &plan)
      : channels_(static_cast<size_t>(input.channels)),
        columns_(plan.columns),
        share_(plan.share),
        source_(input, channels_ * columns_.count + reach),
        row_(output.row_length() + reach),
        kept_(2 * row_.size()) {
    for (int &place : columns_.places) place *= input.channels;
    // Columns are computed in fours.
    columns_.places.resize((columns_.places.size() + 3) / 4 * 4);
    arrange_weights();
  }

  /// Takes a row from those from `first` on. The last may also lie under the next row.
  void take(size_t first, const float *weights, size_t count, bool keeps_last) {
    sources_.clear();
    for (size_t k = 0; k < count; ++k) sources_.push_back(source_[first + k]);
    const Rows rows{sources_.data(), weights, count, share_, kept_.data(), is_last_kept_, keeps_last};
    const Columns columns{columns_.places.data(), weights_.data(), columns_.places.size(), columns_.count / 4,
                          columns_.is_last_empty};
    if (channels_ == 3) {
      HWY_DYNAMIC_DISPATCH(take_colors)(rows, columns, row_.data());
    } else {
      HWY_DYNAMIC_DISPATCH(take_greys)(rows, columns, row_.data());
    }
    is_last_kept_ = keeps_last;
  }

  const uint8_t *row() const { return row_.data(); }

 private:
  /// What is loaded for a block of columns, and more than is stored at once.
  static constexpr size_t reach = 16;

  void arrange_weights() {
    const size_t count = columns_.count;
    weights_.resize(columns_.places.size() * count);
    for (size_t i = 0; i < columns_.weights.size(); ++i) {
      const size_t pixel = i / count, column = i % count;
      const size_t block = pixel / 4 * (count / 4) + column / 4;
      const size_t place = channels_ == 3 ? pixel % 4 * 4 + column % 4 : column % 4 * 4 + pixel % 4;
      weights_[16 * block + place] = columns_.weights[i];
    }
  }

  size_t channels_;
  AreaTaps columns_;
  float share_;
  std::vector<float> weights_;
  SafeRows source_;
  std::vector<uint8_t> row_;
  std::vector<float> kept_;
  bool is_last_kept_ = false;
  std::vector<const uint8_t *> sources_;
};

}  // namespace

void shrink_by_area(const View &input, View &output) {
  require(input.channels == 1 || input.channels == 3, "the image has neither one channel nor three");
  // A greater sum of bytes is not exact in floats.
  constexpr double greatest = 1 << 24;
  if (255 * whole_area(input, output) > greatest) return opencv::resize(input, output, interpolation::area);
  const AreaPlan plan = plan_areas(input, output);
  const AreaTaps &taps = plan.rows;
  AreaRows rows(input, output, plan);
  for (int y = 0; y < output.height; ++y) {
    const auto place = static_cast<size_t>(y);
    const float *weights = &taps.weights[place * taps.count];
    const auto count = static_cast<int>(std::find(weights, weights + taps.count, 0.0f) - weights);
    const int first = taps.places[place], last = first + count - 1;
    const bool is_shared = y + 1 < output.height && taps.places[place + 1] == last;
    rows.take(static_cast<size_t>(first), weights, static_cast<size_t>(count), is_shared);
    std::copy_n(rows.row(), output.row_length(), output.row(y));
  }
}

}  // namespace cimaging

#endif
