#ifndef CIMAGING_FIELD_HPP
#define CIMAGING_FIELD_HPP

#include <vector>

#include "Kernels/Warp/Elastic/plane.hpp"
#include "Kernels/Warp/Elastic/weigh.hpp"

namespace cimaging {

/// A plane that is made as its rows are read.
class PlaneRows {
 public:
  virtual ~PlaneRows() = default;

  /// Row y, which is not above the one that was read last.
  virtual void read(int y, float *output) = 0;
};

/// One axis of a coarse grid over `length` pixels: a node every `pitch` pixels, with nodes beyond both ends.
struct CoarseAxis {
  CoarseAxis(int length, int pitch, int beyond);

  /// The weights of the first blur, `radius` pixels to each side of a node; padded with zeros to a multiple of 8.
  std::vector<float> taps;
  int length, pitch, beyond, radius, nodes;

  int position(int node) const { return (node - beyond) * pitch; }

  /// What pixel `at` counts for at a node: the first stands for all before it too, and the last for all behind.
  float weight(int node, int at) const;

  /// The nodes that see more than the first pixel or more than the last, and one more at each end.
  int first_inside() const { return beyond - (radius + pitch - 1) / pitch; }
  int last_inside() const { return beyond + (length - 1 + radius + pitch - 1) / pitch; }

  /// The nodes that pixels are made of.
  int kept() const { return nodes - 2 * beyond + 3; }
};

/// A Gaussian blur of a plane that is given row by row and read row by row; beyond the edge its outermost pixels are
/// repeated.
///
/// A wide Gaussian leaves nothing that a grid of a sixth of its width could not hold. So the rows are blurred a little
/// and sampled at the nodes as they come, the rest of the blur is done there, and cubic B-splines, which blur too, lead
/// back to pixels. The variances of the three add up to sigma squared. The plane itself is never stored.
class CoarseField {
 public:
  /// Pixels from node to node for a sigma; below 2 the grid does not pay.
  static int pitch_for(double sigma) { return static_cast<int>(sigma / 6); }

  /// `room` floats are in each row that is given, at least the width.
  CoarseField(int width, int height, double sigma, size_t room);

  /// Where the next row of the plane goes; `add` takes it in. There are `height` of them.
  float *next() { return strip.row(filled); }
  void add();
  /// After the last row.
  void finish();

 private:
  friend class CoarseRows;

  void add_strip();
  void weigh_strip(int first, int end);
  void reduce(int node);
  void repeat_outermost();
  float *sums_of(int node) { return sums.row(node % sums.rows) + margin; }

  int width, height, pitch;
  double rest;  // sigma of the blur on the grid, in nodes
  CoarseAxis across, down;
  int top = 0, filled = 0;  // where the strip begins, and its rows so far
  int opened, reduced;      // the next node down to be begun, and to be reduced
  int margin;               // before the pixels of a node's sums
  Plane strip, sums;      // sums: a row of pixels for each node that is begun and not reduced yet
  std::vector<float> weights;
  std::vector<float *> open_sums;
  Plane grid;  // before `finish` with nodes beyond, afterwards the blurred nodes that pixels are made of
};

/// The rows of a field that is finished.
class CoarseRows : public PlaneRows {
 public:
  CoarseRows(const CoarseField &field, int first_row, float scale);

  void read(int y, float *output) override;

 private:
  const CoarseField &field;
  int first_row, expanded = 0;  // rows of nodes that are expanded so far; the last four are kept
  std::vector<float> spline, scaled;
  Expansion expansion;
  Plane pixels;
};

}  // namespace cimaging

#endif
