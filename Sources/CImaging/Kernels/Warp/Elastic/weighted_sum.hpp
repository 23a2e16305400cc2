#ifndef CIMAGING_WEIGHTED_SUM_HPP
#define CIMAGING_WEIGHTED_SUM_HPP

#include <cstddef>

namespace cimaging {

/// output[x] = Σ weights[i] · rows[i][x], i ascending. The rows may be shifts of one row, which filters along it.
void weighted_sum(const float *const *rows, const float *weights, size_t count, float *output, size_t width);

/// For each node: sums[node][x] += Σ weights[strip_rows · node + i] · rows[i][x], i ascending.
struct WeightedStrip {
  static constexpr size_t strip_rows = 8;

  const float *rows[strip_rows];
  float *const *sums;
  const float *weights;
  size_t nodes, width;

  void add() const;
};

/// output[i] = Σ taps[k] · row[pitch · i + k]; `tap_count` is a multiple of 8.
struct Reduction {
  const float *taps;
  size_t tap_count, pitch, nodes;

  void apply(const float *row, float *output) const;
};

/// Cubic B-spline interpolation: pixel x lies x mod pitch after node x / pitch + 1, the second of its four nodes.
struct Expansion {
  /// Four runs of `stride` floats (a multiple of 8), one per weight, with one weight for each pixel between two nodes.
  const float *weights;
  size_t stride, pitch, width;

  /// `row` must have room for width + `stride` floats.
  void apply(const float *nodes, float *row) const;
};

}  // namespace cimaging

#endif
