#ifndef CIMAGING_NOISE_ROW_HPP
#define CIMAGING_NOISE_ROW_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// White noise. Each value depends only on seed, row and column.
struct WhiteNoise {
  enum class Distribution {
    normal,   // with mean 0 and deviation 1
    uniform,  // in -1 ... 1
    laplace,  // with mean 0 and scale 1
  };

  uint64_t seed;
  Distribution distribution;

  bool is_uniform() const { return distribution == Distribution::uniform; }

  /// Numbers are drawn in blocks of this size; a row buffer must have room for whole blocks.
  static constexpr size_t block = 32;

  static constexpr size_t room_for(size_t width) { return (width + block - 1) / block * block; }

  /// Draws row y; returns the largest magnitude of its first `width` values.
  float draw(uint32_t y, float *row, size_t width) const;
};

}  // namespace cimaging

#endif
