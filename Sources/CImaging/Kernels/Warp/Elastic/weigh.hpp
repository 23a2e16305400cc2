#ifndef CIMAGING_WEIGH_HPP
#define CIMAGING_WEIGH_HPP

#include <cstddef>

namespace cimaging {

/// output[x] = Σ weights[i] · rows[i][x], i ascending. Rows may be one row shifted, which filters along it.
void weigh(const float *const *rows, const float *weights, size_t count, float *output, size_t width);

/// For each node sums[node][x] += Σ weights[strip_rows · node + i] · rows[i][x], i ascending.
struct WeighedStrip {
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

/// Cubic B-splines between nodes: pixel x lies x mod pitch after node x / pitch + 1, which is the second of its four.
struct Expansion {
  /// The four weights of each pixel between two nodes, weight by weight; each weight's take `stride` floats, a multiple
  /// of 8.
  const float *weights;
  size_t stride, pitch, width;

  /// `row` has room for `stride` more floats than the width.
  void apply(const float *nodes, float *row) const;
};

}  // namespace cimaging

#endif
