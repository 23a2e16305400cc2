#ifndef CIMAGING_GAINS_HPP
#define CIMAGING_GAINS_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// How a product becomes a byte.
enum class Cut {
  truncated,
  rounded,  // with values 0 ... 1 in between, as floats
};

/// Multiplies bytes by gains.
void multiply(const uint8_t *input, const float *gains, uint8_t *output, size_t count, Cut cut);

}  // namespace cimaging

#endif
