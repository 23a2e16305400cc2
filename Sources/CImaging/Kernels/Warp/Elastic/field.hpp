#ifndef CIMAGING_FIELD_HPP
#define CIMAGING_FIELD_HPP

#include <vector>

#include "Kernels/Warp/Elastic/plane.hpp"
#include "Kernels/Warp/Elastic/weighted_sum.hpp"

namespace cimaging {

/// A plane whose rows are computed as they are read.
class PlaneRows {
 public:
  virtual ~PlaneRows() = default;

  /// Reads row y. Rows must be read from top to bottom.
  virtual void read(int y, float *output) = 0;
};

/// One axis of a coarse grid over `length` pixels: a node every `pitch` pixels, with nodes beyond both ends.
struct CoarseAxis {
  CoarseAxis(int length, int pitch, int beyond);

  /// The taps of the first blur, `radius` pixels to each side of a node, zero-padded to a multiple of 8.
  std::vector<float> taps;
  int length, pitch, beyond, radius, nodes;

  int position(int node) const { return (node - beyond) * pitch; }

  /// The weight of pixel `at` at a node. The first and last pixels also stand for the replicated border.
  float weight(int node, int at) const;

  /// The range of nodes that depend on more than the first or the last pixel, plus one at each end.
  int first_inside() const { return beyond - (radius + pitch - 1) / pitch; }
  int last_inside() const { return beyond + (length - 1 + radius + pitch - 1) / pitch; }

  /// Number of nodes that pixels are interpolated from.
  int kept() const { return nodes - 2 * beyond + 3; }
};

/// A Gaussian blur of a plane that is written row by row and read row by row, with replicated borders.
///
/// After a wide Gaussian blur, a grid with a pitch of sigma / 6 represents the plane. So incoming rows are slightly
/// blurred and sampled at the nodes, the rest of the blur runs on the grid, and cubic B-splines, which also blur,
/// interpolate back to pixels. The variances of the three add up to sigma². The plane itself is never stored.
class CoarseField {
 public:
  /// Pixels between nodes for a sigma; below 2 the grid does not pay off.
  static int pitch_for(double sigma) { return static_cast<int>(sigma / 6); }

  /// `room` is the number of floats in each input row, at least the width.
  CoarseField(int width, int height, double sigma, size_t room);

  /// Buffer for the next of `height` rows; `add` consumes it.
  float *next() { return strip.row(filled); }
  void add();
  /// Call after the last row.
  void finish();

  /// The finished field between pixels, and its change per column and per row.
  struct Value {
    double value, per_column, per_row;
  };

  /// At a place from 0 to the last column and row; equals `CoarseRows` at pixels, but for rounding.
  Value value(double x, double y) const;

 private:
  friend class CoarseRows;

  void add_strip();
  void sum_strip(int first, int end);
  void reduce(int node);
  void repeat_outermost();
  float *sums_of(int node) { return sums.row(node % sums.rows) + margin; }

  int width, height, pitch;
  double rest;  // sigma of the blur on the grid, in nodes
  CoarseAxis across, down;
  int top = 0, filled = 0;  // first row of the strip, and its rows so far
  int opened, reduced;      // the next node down to open, and to reduce
  int margin;               // floats before the pixels of a node's sums
  Plane strip, sums;        // sums: a row of pixels for each open node, not yet reduced
  std::vector<float> weights;
  std::vector<float *> open_sums;
  Plane grid;  // before `finish` with nodes beyond the edge, afterwards the blurred nodes that are kept
};

/// The rows of a finished field.
class CoarseRows : public PlaneRows {
 public:
  CoarseRows(const CoarseField &field, int first_row, float scale);

  void read(int y, float *output) override;

 private:
  const CoarseField &field;
  int first_row, expanded = 0;  // rows of nodes expanded so far; the last four are kept
  std::vector<float> spline, scaled;
  Expansion expansion;
  Plane pixels;
};

}  // namespace cimaging

#endif
