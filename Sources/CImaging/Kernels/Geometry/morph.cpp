#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <vector>

#include "guard.hpp"
#include "include/cimaging_geometry.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Geometry/morph.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

#ifndef CIMAGING_MORPH_ONCE
#define CIMAGING_MORPH_ONCE

namespace cimaging {

/// The pixels of OpenCV's elliptic `getStructuringElement`, as far as an image can hold them around any of its pixels.
/// Each column spans rows about the middle, fewer the farther out it lies.
struct Ellipse {
  Ellipse(int width, int height, const View &image);

  size_t pixel_count() const;

  int left, right;            // number of columns on either side of the middle
  int below;                  // number of rows below the middle
  std::vector<int> spans;     // rows above the middle, and below it where there are as many; each once, ascending
  std::vector<size_t> kinds;  // which of `spans` a column has, by its distance from the middle
};

/// So many are sooner joined one by one than by columns.
inline constexpr size_t few_pixels = 9;

}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Calls `body(tag, vectors, i)` for vectors of consecutive bytes from `i` on, four vectors at a time where possible.
/// The last ones may overlap.
template <class Body>
HWY_INLINE void each_vectors(size_t count, Body body) {
  const std::integral_constant<size_t, 4> four;
  const std::integral_constant<size_t, 1> one;
  size_t i = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes) body(Bytes(), four, i);
  if (count < lanes) {
    for (; i < count; ++i) body(hn::CappedTag<uint8_t, 1>(), one, i);
  }
  for (; i < count; i += lanes) body(Bytes(), one, std::min(i, count - lanes));
}

template <bool dilates, class V>
HWY_INLINE V extreme(V a, V b) {
  return dilates ? hn::Max(a, b) : hn::Min(a, b);
}

/// The extremes of `rows`.
template <bool dilates>
HWY_INLINE void join(const std::vector<const uint8_t *> &rows, size_t count, uint8_t *output) {
  const uint8_t *const *row = rows.data(), *const *const end = row + rows.size();
  each_vectors(count, [&](auto tag, auto vectors, size_t i) HWY_ATTR {
    hn::Vec<decltype(tag)> extremes[vectors];
    const size_t step = hn::Lanes(tag);
    for (size_t k = 0; k < vectors; ++k) extremes[k] = hn::LoadU(tag, *row + i + k * step);
    for (const uint8_t *const *other = row + 1; other < end; ++other) {
      const uint8_t *levels = *other + i;
      for (size_t k = 0; k < vectors; ++k)
        extremes[k] = extreme<dilates>(extremes[k], hn::LoadU(tag, levels + k * step));
    }
    for (size_t k = 0; k < vectors; ++k) hn::StoreU(extremes[k], tag, output + i + k * step);
  });
}

/// By columns: first the extremes of the rows that each of them spans, then the extremes of all columns.
template <bool dilates>
class ByColumns {
 public:
  ByColumns(const View &input, const Ellipse &ellipse)
      : input(input),
        ellipse(ellipse),
        left(bytes(ellipse.left)),
        right(bytes(ellipse.right)),
        room(left + strip + right),
        spanned(ellipse.spans.size() * room) {
    for (int x = -ellipse.left; x <= ellipse.right; ++x) {
      const size_t kind = ellipse.kinds[static_cast<size_t>(std::abs(x))];
      columns.push_back(&spanned[kind * room] + bytes(ellipse.left + x));
    }
  }

  HWY_INLINE void operator()(int y, uint8_t *output) {
    const size_t length = input.row_length();
    for (size_t first = 0; first < length; first += strip) {
      const size_t count = std::min(strip, length - first);
      span_rows(y, first, count);
      join<dilates>(columns, count, output + first);
    }
  }

 private:
  static constexpr size_t strip = 8192;  // bytes of a row at a time, so that those of all spans stay in a near cache
  static constexpr int beyond = dilates ? 0 : 255;

  size_t bytes(int pixels) const { return static_cast<size_t>(pixels) * static_cast<size_t>(input.channels); }

  /// The extremes of the rows of each span, for a strip of a row and what lies around it.
  HWY_INLINE void span_rows(int y, size_t first, size_t count) {
    const size_t length = input.row_length();
    const size_t start = first - std::min(first, left), end = std::min(first + count + right, length);
    const size_t before = start + left - first, inside = end - start;
    rows = {input.row(y) + start};
    int reached = 0;
    for (size_t kind = 0; kind < ellipse.spans.size(); ++kind) {
      uint8_t *extremes = &spanned[kind * room];
      std::memset(extremes, beyond, before);
      std::memset(extremes + before + inside, beyond, left + count + right - before - inside);
      for (; reached < ellipse.spans[kind]; ++reached) add_rows(y, reached + 1, start);
      join<dilates>(rows, inside, extremes + before);
      rows = {extremes + before};
    }
  }

  /// Adds the image's rows at a distance from row y, as far as the ellipse has them.
  void add_rows(int y, int distance, size_t start) {
    if (y >= distance) rows.push_back(input.row(y - distance) + start);
    if (distance <= ellipse.below && y + distance < input.height) rows.push_back(input.row(y + distance) + start);
  }

  const View &input;
  const Ellipse &ellipse;
  const size_t left, right, room;
  std::vector<uint8_t> spanned;  // for each span a strip of bytes and those around it
  std::vector<const uint8_t *> columns, rows;
};

/// By pixels, for small ellipses.
template <bool dilates>
class ByPixels {
 public:
  ByPixels(const View &input, const Ellipse &ellipse) : input(input), ellipse(ellipse) {}

  HWY_INLINE void operator()(int y, uint8_t *output) {
    find_pixels(y);
    const size_t length = input.row_length(), channels = static_cast<size_t>(input.channels);
    const size_t left = std::min(length, static_cast<size_t>(ellipse.left) * channels);
    const size_t end = std::max(left, length - std::min(length, static_cast<size_t>(ellipse.right) * channels));
    join_inside(0, left, output);
    starts.clear();
    for (const Pixel &pixel : pixels) starts.push_back(pixel.row + left + pixel.offset);
    join<dilates>(starts, end - left, output + left);
    join_inside(end, length, output);
  }

 private:
  struct Pixel {
    const uint8_t *row;
    ptrdiff_t offset;  // in bytes from the middle
  };

  /// The ellipse's pixels in the image's rows.
  void find_pixels(int y) {
    pixels.clear();
    for (int x = -ellipse.left; x <= ellipse.right; ++x) {
      const int span = ellipse.spans[ellipse.kinds[static_cast<size_t>(std::abs(x))]];
      const int top = std::max(y - span, 0), bottom = std::min(y + std::min(span, ellipse.below), input.height - 1);
      for (int row = top; row <= bottom; ++row) pixels.push_back({input.row(row), x * input.channels});
    }
  }

  /// For places near the edges: the extremes of those pixels that lie in the image's columns.
  void join_inside(size_t first, size_t end, uint8_t *output) const {
    const ptrdiff_t length = static_cast<ptrdiff_t>(input.row_length());
    for (ptrdiff_t i = static_cast<ptrdiff_t>(first); i < static_cast<ptrdiff_t>(end); ++i) {
      uint8_t found = dilates ? 0 : 255;
      for (const auto &[row, offset] : pixels) {
        if (i + offset < 0 || i + offset >= length) continue;
        found = dilates ? std::max(found, row[i + offset]) : std::min(found, row[i + offset]);
      }
      output[i] = found;
    }
  }

  const View &input;
  const Ellipse &ellipse;
  std::vector<Pixel> pixels;
  std::vector<const uint8_t *> starts;
};

template <class Rows>
void morph_rows(Rows morph_row, View &output) {
  for (int y = 0; y < output.height; ++y) morph_row(y, output.row(y));
}

template <bool dilates>
void morph(const View &input, View &output, const Ellipse &ellipse) {
  if (ellipse.pixel_count() <= few_pixels) return morph_rows(ByPixels<dilates>(input, ellipse), output);
  morph_rows(ByColumns<dilates>(input, ellipse), output);
}

void dilate(const View &input, View &output, const Ellipse &ellipse) { morph<true>(input, output, ellipse); }

void erode(const View &input, View &output, const Ellipse &ellipse) { morph<false>(input, output, ellipse); }

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(dilate);
HWY_EXPORT(erode);

Ellipse::Ellipse(int width, int height, const View &image) {
  const double above = height / 2, middle = width / 2;
  // How many columns a row reaches to either side.
  const auto reach = [&](double row) {
    if (above == 0) return 0L;
    return std::lrint(middle * std::sqrt((above * above - row * row) * (1 / (above * above))));
  };
  const int widest = static_cast<int>(std::min<long>(reach(0), image.width - 1));
  left = widest;
  right = std::min(widest, width - 1 - width / 2);
  below = height - 1 - height / 2;
  kinds.resize(static_cast<size_t>(widest) + 1);
  const int most = std::min(height / 2, image.height - 1);
  int rows = 0;
  for (int distance = widest; distance >= 0; --distance) {
    while (rows < most && reach(rows + 1) >= distance) ++rows;
    if (spans.empty() || spans.back() != rows) spans.push_back(rows);
    kinds[static_cast<size_t>(distance)] = spans.size() - 1;
  }
}

size_t Ellipse::pixel_count() const {
  int count = 0;
  for (int x = -left; x <= right; ++x) {
    const int span = spans[kinds[static_cast<size_t>(std::abs(x))]];
    count += span + 1 + std::min(span, below);
  }
  return static_cast<size_t>(count);
}

}  // namespace cimaging

cimaging_status cimaging_morph(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t width,
                               int32_t height, int32_t is_dilation, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(width > 0 && height > 0, "an ellipse has pixels");
    const Ellipse ellipse(width, height, input);
    if (is_dilation != 0) return HWY_DYNAMIC_DISPATCH(dilate)(input, output, ellipse);
    HWY_DYNAMIC_DISPATCH(erode)(input, output, ellipse);
  });
}

#endif
