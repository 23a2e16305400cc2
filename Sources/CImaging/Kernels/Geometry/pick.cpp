#include "Kernels/Geometry/pick.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Geometry/pick.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>

#include "Kernels/Geometry/interpolation.hpp"

#ifndef CIMAGING_PICK_WINDOWS
#define CIMAGING_PICK_WINDOWS

namespace cimaging {
namespace {

/// Bytes that are loaded and stored at once.
constexpr int reach = 16;

/// A place in the row, and which of the bytes there come to the result.
struct Window {
  uint8_t order[reach];
  int place;
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

/// Each window gives `step` bytes, and others that are overwritten later.
void pick_bytes(const uint8_t *source, const std::vector<Window> &windows, size_t step, uint8_t *output) {
  const hn::FixedTag<uint8_t, reach> bytes;
  for (const Window &window : windows) {
    const auto order = hn::LoadU(bytes, window.order);
    hn::StoreU(hn::TableLookupBytes(hn::LoadU(bytes, source + window.place), order), bytes, output);
    output += step;
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(pick_bytes);

namespace {

/// Plans the bytes of a row.
class RowPlan {
 public:
  RowPlan(const View &input, const std::vector<int> &columns) : last_(static_cast<int>(input.row_length()) - reach) {
    for (const int column : columns) {
      for (int c = 0; c < input.channels; ++c) places_.push_back(column * input.channels + c);
    }
    if (last_ < 0) return;
    while (!fits()) --step_;
    for (size_t i = 0; i + reach <= places_.size(); i += step_) windows_.push_back(window(i));
  }

  void take(const uint8_t *source, uint8_t *output) const {
    HWY_DYNAMIC_DISPATCH(pick_bytes)(source, windows_, step_, output);
    for (size_t i = windows_.size() * step_; i < places_.size(); ++i) output[i] = source[places_[i]];
  }

 private:
  /// Whether each `step_` bytes are in one window.
  bool fits() const {
    for (size_t i = 0; i + reach <= places_.size(); i += step_) {
      const auto first = places_.begin() + static_cast<ptrdiff_t>(i);
      const auto [least, most] = std::minmax_element(first, first + static_cast<ptrdiff_t>(step_));
      if (*most - *least >= reach) return false;
    }
    return true;
  }

  Window window(size_t i) const {
    const int *places = &places_[i];
    Window window{{}, std::min(*std::min_element(places, places + step_), last_)};
    for (size_t k = 0; k < step_; ++k) window.order[k] = static_cast<uint8_t>(places[k] - window.place);
    return window;
  }

  /// The last place of a window.
  int last_;
  size_t step_ = reach;
  std::vector<int> places_;
  std::vector<Window> windows_;
};

}  // namespace

std::vector<int> nearest_places(int from, int to) {
  const double scale = interpolation::scale(from, to);
  std::vector<int> places(static_cast<size_t>(to));
  for (int i = 0; i < to; ++i) places[static_cast<size_t>(i)] = std::min(static_cast<int>(i * scale), from - 1);
  return places;
}

void pick(const View &input, View &output, const std::vector<int> &columns, const std::vector<int> &rows) {
  const RowPlan plan(input, columns);
  for (int y = 0; y < output.height; ++y) {
    const int row = rows[static_cast<size_t>(y)];
    if (y > 0 && row == rows[static_cast<size_t>(y) - 1]) {
      std::copy_n(output.row(y - 1), output.row_length(), output.row(y));
    } else {
      plan.take(input.row(row), output.row(y));
    }
  }
}

}  // namespace cimaging

#endif
