#ifndef CIMAGING_APPLY_ROW_HPP
#define CIMAGING_APPLY_ROW_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// A row of bytes to change: `pixels` pixels of `channels` bytes each.
struct NoisyRow {
  const uint8_t *input;
  uint8_t *output;
  size_t pixels;
  int channels;            // 1 or 3
  bool is_shared = false;  // whether a pixel has one number of noise rather than one for each byte

  size_t bytes() const { return pixels * static_cast<size_t>(channels); }
  size_t numbers() const { return is_shared ? pixels : bytes(); }
};

/// Adds whole levels, and saturates.
void add_levels(const NoisyRow &row, const int16_t *levels);

/// Multiplies in single precision, saturates, and cuts what is left to whole levels.
void multiply_levels(const NoisyRow &row, const float *factors);

/// Cuts numbers toward zero to whole levels, and saturates them.
void cut_to_levels(const float *numbers, int16_t *levels, size_t count);

}  // namespace cimaging

#endif
