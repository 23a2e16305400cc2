#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_blur.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Blur/box_blur.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <vector>

#include "Kernels/Blur/mean-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

constexpr size_t lanes = hn::MaxLanes(UnsignedShorts());

/// The sums of the columns under a window of `size` rows, which moves down. The image is reflected beyond its edge.
class ColumnSums {
 public:
  /// The sums around row 0.
  ColumnSums(const View &image, int size)
      : image(image), radius(size / 2), sums(image.row_length() + 2 * margin() + 2 * lanes) {
    for (int y = -radius; y <= radius; ++y) change(image.row(reflected(y, image.height)), nullptr);
    reflect_sides();
  }

  /// From `radius` columns before the first to `radius` behind the last.
  const uint16_t *all() const { return sums.data(); }

  /// Moves the window from row `y` to the next.
  void move(int y) {
    change(image.row(reflected(y + 1 + radius, image.height)), image.row(reflected(y - radius, image.height)));
    reflect_sides();
  }

 private:
  size_t margin() const { return static_cast<size_t>(radius) * static_cast<size_t>(image.channels); }

  /// Adds a row and subtracts another, if there is one.
  void change(const uint8_t *added, const uint8_t *removed) {
    const UnsignedShorts shorts;
    const hn::Rebind<uint8_t, UnsignedShorts> bytes;
    const size_t count = image.row_length();
    uint16_t *sum = sums.data() + margin();
    size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
      UnsignedShortVector value =
          hn::Add(hn::LoadU(shorts, sum + i), hn::PromoteTo(shorts, hn::LoadU(bytes, added + i)));
      if (removed != nullptr) value = hn::Sub(value, hn::PromoteTo(shorts, hn::LoadU(bytes, removed + i)));
      hn::StoreU(value, shorts, sum + i);
    }
    for (; i < count; ++i) sum[i] = static_cast<uint16_t>(sum[i] + added[i] - (removed == nullptr ? 0 : removed[i]));
  }

  void reflect_sides() {
    for (int x = 1; x <= radius; ++x) {
      copy(-x, reflected(-x, image.width));
      copy(image.width - 1 + x, reflected(image.width - 1 + x, image.width));
    }
  }

  void copy(ptrdiff_t to, ptrdiff_t from) {
    uint16_t *first = sums.data() + margin();
    for (int c = 0; c < image.channels; ++c) first[to * image.channels + c] = first[from * image.channels + c];
  }

  const View &image;
  int radius;
  std::vector<uint16_t> sums;
};

/// Two vectors of means from the sums of their windows' columns.
template <int fixed_size>
HWY_INLINE void blur_block(const uint16_t *columns, uint8_t *output, size_t step, int size, const Mean &mean) {
  const UnsignedShorts shorts;
  UnsignedShortVector low = hn::LoadU(shorts, columns), high = hn::LoadU(shorts, columns + lanes);
  for (int k = 1; k < (fixed_size == 0 ? size : fixed_size); ++k) {
    columns += step;
    low = hn::Add(low, hn::LoadU(shorts, columns));
    high = hn::Add(high, hn::LoadU(shorts, columns + lanes));
  }
  mean.store(low, output);
  mean.store(high, output + lanes);
}

/// The usual sizes have code of their own, without a loop.
template <int fixed_size>
void blur_rows(const View &input, View &output, int size) {
  const size_t count = input.row_length(), step = static_cast<size_t>(input.channels);
  const Mean mean(static_cast<uint32_t>(size * size));
  ColumnSums columns(input, size);
  for (int y = 0; y < input.height; ++y) {
    if (y > 0) columns.move(y - 1);
    const uint16_t *first = columns.all();
    uint8_t *bytes = output.row(y);
    size_t i = 0;
    for (; i + 2 * lanes <= count; i += 2 * lanes) blur_block<fixed_size>(first + i, bytes + i, step, size, mean);
    if (i == count) continue;
    uint8_t last[2 * lanes];
    blur_block<fixed_size>(first + i, last, step, size, mean);
    std::copy_n(last, count - i, bytes + i);
  }
}

void box_blur(const View &input, View &output, int size) {
  switch (size) {
    case 3: return blur_rows<3>(input, output, size);
    case 5: return blur_rows<5>(input, output, size);
    case 7: return blur_rows<7>(input, output, size);
    default: return blur_rows<0>(input, output, size);
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(box_blur);

namespace {

/// Up to this size, a window has no more pixels than a sum of 16 bits can hold.
constexpr int largest = 15;

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_box_blur(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t size,
                                  cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(size > 0 && size % 2 == 1, "the size is not odd");
    if (size > largest) return opencv::box_blur(input, output, size);
    HWY_DYNAMIC_DISPATCH(box_blur)(input, output, size);
  });
}

#endif
