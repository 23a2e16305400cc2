#ifndef CIMAGING_ROW_BLUR_HPP
#define CIMAGING_ROW_BLUR_HPP

#include <functional>
#include <vector>

#include "Kernels/Warp/Elastic/field.hpp"

namespace cimaging {

/// A Gaussian of `radius` taps to each side, whose sum is 1.
std::vector<float> gaussian(double sigma, int radius);

/// The taps to each side with which OpenCV's `GaussianBlur` blurs floats when it may choose.
int radius_for(double sigma);

/// A plane of rows that are made as they are needed.
struct RowSource {
  int width, height;
  size_t room;  // floats that a row takes while it is made, at least the width
  std::function<void(int y, float *row)> make;
};

/// A Gaussian blur of a plane of which no more rows are kept than the blur looks at; beyond the edge the outermost
/// pixels are repeated.
class RowBlur : public PlaneRows {
 public:
  RowBlur(RowSource source, const std::vector<float> &taps, int first_row, float scale);

  void read(int y, float *output) override;

 private:
  void blur_across(int y);

  RowSource source;
  std::vector<float> taps, scaled;
  int radius, first_row, made;  // rows above `made` are blurred along themselves
  std::vector<const float *> around;
  Plane padded, rows;
};

}  // namespace cimaging

#endif
