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

#ifndef CIMAGING_CORRELATE_STEP
#define CIMAGING_CORRELATE_STEP

namespace cimaging {
namespace {

/// What the pixels at one place add to two output rows, of which the lower begins a row further down. 0 adds nothing.
struct Step {
  int row, distance;
  float upper, lower;
};

}  // namespace
}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace {

/// Vectors processed together, so that consecutive operations do not depend on each other.
constexpr size_t pairs = 2, block = pairs * pair_length;

/// The sums of a block of an output row.
struct Sums {
  FloatVector even[pairs], odd[pairs];

  HWY_INLINE void clear() {
    for (size_t p = 0; p < pairs; ++p) even[p] = odd[p] = hn::Zero(Floats());
  }

  HWY_INLINE void add(const FloatPair *values, float weight) {
    const FloatVector factor = hn::Set(Floats(), weight);
    for (size_t p = 0; p < pairs; ++p) {
      even[p] = fused(factor, values[p].even, even[p]);
      odd[p] = fused(factor, values[p].odd, odd[p]);
    }
  }

  HWY_INLINE void store(uint8_t *output) const { store_bytes({even[0], odd[0]}, {even[1], odd[1]}, output); }
};

HWY_INLINE void load(const uint16_t *halves, FloatPair *values) {
  for (size_t p = 0; p < pairs; ++p) values[p] = load_pair(halves + p * pair_length);
}

/// What is summed for a block of two output rows, with fused multiply-add over the cells in row-major order. Both rows
/// share what is loaded, because unaligned loads limit the speed.
struct AnyKernel {
  const std::vector<Step> &steps;

  HWY_INLINE void add(const uint16_t *const *rows, size_t i, Sums &sums, Sums &next) const {
    for (const Step &step : steps) {
      FloatPair values[pairs];
      load(rows[step.row] + step.distance + i, values);
      if (step.upper != 0) sums.add(values, step.upper);
      if (step.lower != 0) next.add(values, step.lower);
    }
  }
};

/// The same for few cells, of which hardly any are above others: nothing is shared.
struct SparseKernel {
  const std::vector<Cell> &cells;

  HWY_INLINE void add(const uint16_t *const *rows, size_t i, Sums &sums, Sums &next) const {
    for (const Cell &cell : cells) {
      const size_t place = static_cast<size_t>(cell.distance) + i;
      FloatPair values[pairs];
      load(rows[cell.row] + place, values);
      sums.add(values, cell.weight);
      load(rows[cell.row + 1] + place, values);
      next.add(values, cell.weight);
    }
  }
};

/// The same for 3 × 3 cells, without a loop over steps.
struct SmallKernel {
  const float *weights;
  size_t step;

  HWY_INLINE void add(const uint16_t *const *rows, size_t i, Sums &sums, Sums &next) const {
    add_row<0>(rows[0] + i, sums, next);
    add_row<1>(rows[1] + i, sums, next);
    add_row<2>(rows[2] + i, sums, next);
    add_row<3>(rows[3] + i, sums, next);
  }

 private:
  template <size_t row>
  HWY_INLINE void add_row(const uint16_t *halves, Sums &sums, Sums &next) const {
    for (size_t k = 0; k < 3; ++k) {
      FloatPair values[pairs];
      load(halves + k * step, values);
      if constexpr (row < 3) sums.add(values, weights[3 * row + k]);
      if constexpr (row > 0) next.add(values, weights[3 * row - 3 + k]);
    }
  }
};

/// One block of two output rows from the surrounding rows.
template <typename Kernel>
HWY_INLINE void correlate_block(const uint16_t *const *rows, const Kernel &kernel, size_t i, uint8_t *upper,
                                uint8_t *lower) {
  Sums sums, next;
  sums.clear();
  next.clear();
  kernel.add(rows, i, sums, next);
  sums.store(upper);
  next.store(lower);
}

template <typename Kernel>
void correlate_rows(const uint16_t *const *rows, const Kernel &kernel, uint8_t *upper, uint8_t *lower, size_t count) {
  size_t i = 0;
  for (; i + block <= count; i += block) correlate_block(rows, kernel, i, upper + i, lower + i);
  if (i == count) return;
  uint8_t last[block], next_last[block];
  correlate_block(rows, kernel, i, last, next_last);
  std::copy_n(last, count - i, upper + i);
  std::copy_n(next_last, count - i, lower + i);
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

/// The last bytes of a row, which do not fill a vector of four, match OpenCV's Python package, which rounds products
/// there.
void correlate_end(const uint16_t *const *rows, const std::vector<Cell> &cells, size_t first, size_t end,
                   uint8_t *output) {
  for (size_t i = first; i < end; ++i) output[i] = correlate_byte(rows, cells, i);
}

/// Correlates in vertical strips, narrow enough that the rows under the kernel stay in the L1 cache, two rows at a
/// time.
template <typename Kernel>
void correlate_with(const View &input, View &output, const Cells &kernel, const Kernel &block_kernel) {
  const int radius = kernel.size / 2, count = input.width * input.channels, whole = count - count % 4;
  const size_t fitting = 32768 / sizeof(uint16_t) / static_cast<size_t>(kernel.size + 1) / block;
  const int tile = static_cast<int>(std::max<size_t>(1, fitting) * block);
  RowRing<uint16_t> ring(input.height, radius, 2, static_cast<size_t>(tile + 2 * radius * input.channels) + block);
  std::vector<uint8_t> beyond(static_cast<size_t>(std::min(tile, count)));
  for (int first = 0; first < count; first += tile) {
    const int length = std::min(tile, count - first), end = std::clamp(whole - first, 0, length);
    const Stretch stretch(input, first, length, radius);
    for (int y = 0, ready = 0; y < input.height; y += 2) {
      for (; ready <= std::min(y + 1 + radius, input.height - 1); ++ready)
        widen(stretch, input.row(ready), ring.row(ready));
      for (int ahead = 0; ahead < 2; ++ahead) stretch.prefetch(input, ready + ahead);
      uint8_t *upper = output.row(y) + first;
      uint8_t *lower = y + 1 < input.height ? output.row(y + 1) + first : beyond.data();
      const auto size = static_cast<size_t>(length), rest = static_cast<size_t>(end);
      correlate_rows(ring.about(y), block_kernel, upper, lower, size);
      correlate_end(ring.about(y), kernel.cells, rest, size, upper);
      correlate_end(ring.about(y) + 1, kernel.cells, rest, size, lower);
    }
  }
}

void correlate(const View &input, View &output, const Cells &kernel, const std::vector<Step> &steps,
               const float *weights) {
  if (kernel.size == 3) {
    return correlate_with(input, output, kernel, SmallKernel{weights, static_cast<size_t>(input.channels)});
  }
  const bool is_sparse = 2 * steps.size() > 3 * kernel.cells.size();
  if (is_sparse) return correlate_with(input, output, kernel, SparseKernel{kernel.cells});
  correlate_with(input, output, kernel, AnyKernel{steps});
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

/// The cells of both output rows in the order of each.
std::vector<Step> steps_of(const float *kernel, int size, int channels) {
  std::vector<Step> steps;
  for (int row = 0; row <= size; ++row) {
    for (int column = 0; column < size; ++column) {
      const float upper = row < size ? kernel[row * size + column] : 0;
      const float lower = row > 0 ? kernel[(row - 1) * size + column] : 0;
      if (upper != 0 || lower != 0) steps.push_back({row, column * channels, upper, lower});
    }
  }
  return steps;
}

/// In the Fourier domain no order could decide at a tie: any exact sum will do.
void correlate_any(const View &input, View &output, const float *kernel, int size) {
  const Cells cells = cells_of(kernel, size, input.channels);
  const bool is_direct = size * size <= largest_direct;
  if (correlate_mean(input, output, cells, is_direct)) return;
  if (is_direct) {
    return HWY_DYNAMIC_DISPATCH(correlate)(input, output, cells, steps_of(kernel, size, input.channels), kernel);
  }
  if (!correlate_sums(input, output, cells)) opencv::correlate(input, output, kernel, size);
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_correlate(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const float *kernel, int32_t size, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message,
                     [&](const View &input, View &output) { correlate_any(input, output, kernel, size); });
}

#endif
