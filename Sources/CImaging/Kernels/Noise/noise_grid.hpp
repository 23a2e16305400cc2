#ifndef CIMAGING_NOISE_GRID_HPP
#define CIMAGING_NOISE_GRID_HPP

#include <cstddef>
#include <vector>

#include "Kernels/Warp/Elastic/noise_row.hpp"
#include "include/cimaging_noise.h"

namespace cimaging {

/// The numbers of white noise for an image, row by row: drawn for every pixel, or drawn coarsely and enlarged linearly.
class NoiseGrid {
 public:
  struct Size {
    int width, height, channels;
  };

  NoiseGrid(const cimaging_white_noise &noise, Size size);

  /// Row y, which must not decrease from call to call; valid until the next call.
  const float *row(int y);

 private:
  /// Where a row or column of the image lies between two of the grid.
  struct Place {
    int first, second;
    float weight;  // of the second
  };

  static Place place(int index, int count, int coarse_count);

  bool is_fine() const { return size.width == coarse.width && size.height == coarse.height; }
  void draw(int y, std::vector<float> &numbers);
  /// Row y of the grid, as wide as the image.
  const std::vector<float> &widened(int y);

  const cimaging_white_noise noise;
  const WhiteNoise source;
  const Size size;
  Size coarse;
  std::vector<float> drawn, mixed;
  std::vector<Place> columns;
  std::vector<float> wide[2];  // the last two rows, widened: of an even and of an odd number
  int wide_rows[2] = {-1, -1};
};

}  // namespace cimaging

#endif
