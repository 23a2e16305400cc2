#ifndef CIMAGING_HLS_NOISE_HPP
#define CIMAGING_HLS_NOISE_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// The pixels of a row that noise changes. Behind `count` the arrays have room for `slack` more, which may be read.
struct Specks {
  static constexpr size_t slack = 16;

  size_t count;
  const uint32_t *places;
  const double *strengths;  // what of the way to white each is brightened by
  const float *hues;        // how far each hue turns, in degrees
};

/// Changes the specks of `input` into `output`, in the HLS of OpenCV's `cvtColor` of floats, rounded as it rounds with
/// vectors of 8 and fused additions: those at `rest` and behind, which fill no vector, are rounded otherwise.
void disturb(const Specks &specks, const uint8_t *input, uint8_t *output, size_t rest);

/// Sums of max + min of the channels of RGB pixels, and of its square.
struct LightnessSums {
  uint64_t sum = 0, squares = 0;

  void add(const uint8_t *row, size_t width);
};

}  // namespace cimaging

#endif
