#ifndef CIMAGING_LOOKUP_HPP
#define CIMAGING_LOOKUP_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// output[i] = table[input[i]]; the two may be the same memory. OpenCV's own goes byte by byte.
void lookup(const uint8_t *input, uint8_t *output, size_t count, const uint8_t *table);

}  // namespace cimaging

#endif
