#ifndef CIMAGING_FIELD_HPP
#define CIMAGING_FIELD_HPP

#include <opencv2/core.hpp>
#include <vector>

namespace cimaging {

/// One axis of a coarse grid over `length` pixels: a node every `pitch` pixels, with nodes beyond both ends.
struct CoarseAxis {
  CoarseAxis(int length, int pitch, int beyond);

  /// The weights of the first blur, `radius` pixels to each side of a node; padded with zeros to a multiple of 8.
  std::vector<float> taps;
  int length, pitch, beyond, radius, nodes;

  int position(int node) const { return (node - beyond) * pitch; }
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

  CoarseField(int width, int height, double sigma);

  /// The next row of the plane; there are `height` of them.
  void add(const float *row);
  /// After the last row.
  void finish();
  /// Row y of the blurred plane, times `scale`.
  void read(int y, float scale, float *output) const;

 private:
  void reduce(const float *row);
  void expand(const float *nodes, float *row) const;

  int width, height, pitch, added = 0;
  double rest;  // sigma of the blur on the grid, in nodes
  CoarseAxis across, down;
  std::vector<float> padded, reduced;
  std::vector<float> spline;  // four weights for each pixel between two nodes, weight by weight
  cv::Mat grid, rows;
};

}  // namespace cimaging

#endif
