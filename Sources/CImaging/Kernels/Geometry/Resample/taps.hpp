#ifndef CIMAGING_RESAMPLE_TAPS_HPP
#define CIMAGING_RESAMPLE_TAPS_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "include/cimaging_geometry.h"

namespace cimaging {

/// The whole-number taps of one direction. Output places are weighted sums of source places; those come in pairs, of
/// which the even place is the first, because one instruction multiplies and adds two 16-bit numbers.
struct Taps {
  /// Taps of an output place sum to 2^shift exactly, so that a flat image stays as it is.
  int shift;
  /// Pairs stored per output place, a multiple of `TapFormat::granule`; unused ones are 0.
  size_t pair_count;
  /// The first pair of each output place, and how many it uses.
  std::vector<int> first, used;
  /// Two taps in each 32 bits, the first in the lower half; then as many as a vector holds.
  std::vector<int32_t> pairs;
  static constexpr size_t beyond = 16;

  size_t places() const { return first.size(); }
  const int32_t *of(size_t place) const { return pairs.data() + place * pair_count; }

  /// The pairs that any output place uses.
  int begin() const;
  int end() const;
};

/// One direction: `places` output places from part of `source` places, which may begin and end between them.
struct Direction {
  double start, length;
  int source, places;
};

struct TapFormat {
  /// Keeps the sums in 32 bits.
  int largest_shift;
  /// Pairs that are read together.
  size_t granule;
};

/// Pairs of source places that an output place depends on, at most.
double most_pairs(cimaging_filter filter, const Direction &direction);

/// Taps for one direction.
///
/// The kernel is that of Pillow: as wide as the filter, times the factor when shrinking, cut off at the image's edges.
/// Taps are rounded to 15 bits below the largest; the rounding errors cancel from tap to tap.
Taps make_taps(cimaging_filter filter, const Direction &direction, const TapFormat &format);

}  // namespace cimaging

#endif
