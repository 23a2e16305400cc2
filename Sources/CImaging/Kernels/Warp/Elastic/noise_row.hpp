#ifndef CIMAGING_NOISE_ROW_HPP
#define CIMAGING_NOISE_ROW_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// White noise: every value is drawn from seed, row and column alone.
struct WhiteNoise {
  uint64_t seed;
  bool is_uniform;  // even in -1 ... 1 rather than standard normal

  /// Numbers are drawn in blocks of so many; a row has room for whole ones.
  static constexpr size_t block = 32;

  static constexpr size_t room_for(size_t width) { return (width + block - 1) / block * block; }

  /// Row y; the largest magnitude of its first `width` values.
  float draw(uint32_t y, float *row, size_t width) const;
};

}  // namespace cimaging

#endif
