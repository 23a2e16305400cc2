#ifndef CIMAGING_MIRROR_HPP
#define CIMAGING_MIRROR_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// Writes `width` pixels of 1 or 3 bytes in the opposite order.
void mirror_row(const uint8_t *input, uint8_t *output, size_t width, size_t channels);

}  // namespace cimaging

#endif
