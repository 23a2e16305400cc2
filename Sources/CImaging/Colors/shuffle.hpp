#ifndef CIMAGING_SHUFFLE_HPP
#define CIMAGING_SHUFFLE_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// Channel i of each of `count` RGB pixels becomes channel order[i] of the input.
void shuffle(const uint8_t *input, uint8_t *output, size_t count, const int32_t *order);

}  // namespace cimaging

#endif
