#ifndef CIMAGING_ROW_BLUR_HPP
#define CIMAGING_ROW_BLUR_HPP

#include <functional>
#include <vector>

#include "Kernels/Warp/Elastic/field.hpp"

namespace cimaging {

/// A Gaussian with `radius` taps to each side, normalized to sum 1.
std::vector<float> gaussian(double sigma, int radius);

/// The radius that OpenCV's `GaussianBlur` derives from sigma for floats.
int radius_for(double sigma);

/// A plane whose rows are generated on demand.
struct RowSource {
  int width, height;
  size_t room;  // floats a row needs while it is generated, at least the width
  std::function<void(int y, float *row)> make;
};

/// A Gaussian blur of a plane with replicated borders. Keeps only the rows that the blur depends on.
class RowBlur : public PlaneRows {
 public:
  RowBlur(RowSource source, const std::vector<float> &taps, int first_row, float scale);

  void read(int y, float *output) override;

 private:
  void blur_across(int y);

  RowSource source;
  std::vector<float> taps, scaled;
  int radius, first_row, made;  // rows above `made` are blurred horizontally
  std::vector<const float *> around;
  Plane padded, rows;
};

}  // namespace cimaging

#endif
