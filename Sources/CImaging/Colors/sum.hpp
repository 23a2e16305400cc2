#ifndef CIMAGING_SUM_HPP
#define CIMAGING_SUM_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// The sum of `count` bytes.
uint64_t sum(const uint8_t *bytes, size_t count);

}  // namespace cimaging

#endif
