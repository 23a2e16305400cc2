#ifndef CIMAGING_HLS_NOISE_HPP
#define CIMAGING_HLS_NOISE_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// The pixels of a row that noise changes. The arrays have `slack` extra elements after `count`, which may be read.
struct Specks {
  static constexpr size_t slack = 16;

  size_t count;
  const uint32_t *places;
  const double *strengths;  // fraction of the distance to white by which each is brightened
  const float *hues;        // hue shift of each, in degrees
};

/// Writes the changed specks of `input` to `output`. Works in the float HLS of OpenCV's `cvtColor`, with its rounding
/// for vectors of 8 and fused multiply-add; pixels from `rest` on, which do not fill a vector, are rounded as in its
/// scalar code.
void disturb(const Specks &specks, const uint8_t *input, uint8_t *output, size_t rest);

/// Sums of max + min of the channels of RGB pixels, and of its square.
struct LightnessSums {
  uint64_t sum = 0, squares = 0;

  void add(const uint8_t *row, size_t width);
};

}  // namespace cimaging

#endif
