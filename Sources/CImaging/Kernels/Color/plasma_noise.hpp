#ifndef CIMAGING_PLASMA_NOISE_HPP
#define CIMAGING_PLASMA_NOISE_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// Uniform noise in -scale ... scale.
struct PlasmaNoise {
  uint64_t seed;
  uint32_t level;
  float scale;

  /// Writes rows 2 `pair` and 2 `pair` + 1, up to a multiple of 16 values.
  void fill(uint32_t pair, float *upper, float *lower, size_t count) const;

  static constexpr size_t padding = 16;
};

}  // namespace cimaging

#endif
