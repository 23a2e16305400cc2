#include "Kernels/Blur/correlate.hpp"

#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_blur.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Blur/correlate.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "Kernels/Blur/floats-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Vectors processed together, so that consecutive operations do not depend on each other.
constexpr size_t pairs = 4, block = pairs * pair_length;

/// One block of an output row from the surrounding rows, with fused multiply-add over the cells in row-major order.
HWY_INLINE void correlate_block(const uint16_t *const *rows, size_t i, const std::vector<Cell> &cells,
                                uint8_t *output) {
  const Floats floats;
  FloatVector even[pairs], odd[pairs];
  for (size_t p = 0; p < pairs; ++p) even[p] = odd[p] = hn::Zero(floats);
  for (const Cell &cell : cells) {
    const FloatVector weight = hn::Set(floats, cell.weight);
    const uint16_t *halves = rows[cell.row] + cell.distance + i;
    for (size_t p = 0; p < pairs; ++p) {
      const FloatPair values = load_pair(halves + p * pair_length);
      even[p] = fused(weight, values.even, even[p]);
      odd[p] = fused(weight, values.odd, odd[p]);
    }
  }
  for (size_t p = 0; p < pairs; ++p) store_bytes(even[p], odd[p], output + p * pair_length);
}

void correlate_row(const uint16_t *const *rows, const std::vector<Cell> &cells, uint8_t *output, size_t count) {
  size_t i = 0;
  for (; i + block <= count; i += block) correlate_block(rows, i, cells, output + i);
  if (i == count) return;
  uint8_t last[block];
  correlate_block(rows, i, cells, last);
  std::copy_n(last, count - i, output + i);
}

/// One byte, with products rounded before they are added.
uint8_t correlate_byte(const uint16_t *const *rows, const std::vector<Cell> &cells, size_t i) {
  float sum = 0;
  for (const Cell &cell : cells) {
    const uint32_t bits = static_cast<uint32_t>(rows[cell.row][i + static_cast<size_t>(cell.distance)]) << 16;
    sum += cell.weight * std::bit_cast<float>(bits);
  }
  return nearest_byte(sum);
}

/// Correlates in vertical strips, narrow enough that the rows under the kernel stay in the L1 cache. The last bytes of
/// a row, which do not fill a vector of four, match OpenCV's Python package, which rounds products there.
void correlate(const View &input, View &output, const Cells &kernel) {
  const std::vector<Cell> &cells = kernel.cells;
  const int size = kernel.size, radius = size / 2, count = input.width * input.channels, whole = count - count % 4;
  const size_t fitting = 32768 / sizeof(uint16_t) / static_cast<size_t>(size) / block;
  const int tile = static_cast<int>(std::max<size_t>(1, fitting) * block);
  RowRing<uint16_t> ring(input.height, radius, 1, static_cast<size_t>(tile + 2 * radius * input.channels) + block);
  for (int first = 0; first < count; first += tile) {
    const int length = std::min(tile, count - first);
    const Stretch stretch(input, first, length, radius);
    for (int y = 0, ready = 0; y < input.height; ++y) {
      for (; ready <= std::min(y + radius, input.height - 1); ++ready)
        widen(stretch, input.row(ready), ring.row(ready));
      uint8_t *bytes = output.row(y) + first;
      correlate_row(ring.about(y), cells, bytes, static_cast<size_t>(length));
      for (int i = std::max(whole - first, 0); i < length; ++i) {
        bytes[i] = correlate_byte(ring.about(y), cells, static_cast<size_t>(i));
      }
    }
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(correlate);

namespace {

/// Above this many cells, OpenCV correlates in the Fourier domain.
constexpr int largest_direct = 129;

/// The non-zero cells; the running time is proportional to their number.
Cells cells_of(const float *kernel, int size, int channels) {
  Cells result{{}, size};
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column) {
      const float weight = kernel[row * size + column];
      if (weight != 0) result.cells.push_back({row, column * channels, weight});
    }
  }
  return result;
}

/// A sum in the Fourier domain has no order that could decide at a tie: any exact sum will do.
void correlate_large(const View &input, View &output, const float *kernel, int size) {
  if (correlate_sums(input, output, cells_of(kernel, size, input.channels))) return;
  opencv::correlate(input, output, kernel, size);
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_correlate(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const float *kernel, int32_t size, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    if (size * size > largest_direct) return correlate_large(input, output, kernel, size);
    HWY_DYNAMIC_DISPATCH(correlate)(input, output, cells_of(kernel, size, input.channels));
  });
}

#endif
