#ifndef CIMAGING_CLUSTERS_HPP
#define CIMAGING_CLUSTERS_HPP

#include <cstdint>

namespace cimaging {

/// Centroids are rounded to 1/128: then products of colours and centroids fit in 32 bits, and 16-bit multiplications
/// suffice, of which processors do most at once.
constexpr int centroid_scale = 128;

/// Subtracted from all scores, so that they lie in the middle of 32 bits. The rest is room for comparisons.
constexpr int32_t score_bias = 3 << 28;

}  // namespace cimaging

#endif
