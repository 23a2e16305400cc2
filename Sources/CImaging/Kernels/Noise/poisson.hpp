#ifndef CIMAGING_POISSON_HPP
#define CIMAGING_POISSON_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace cimaging {

/// Poisson numbers with a fixed mean, by inversion of the cumulative distribution.
class Poisson {
 public:
  /// The mean is clamped to 700, where a double still holds the probability of 0.
  explicit Poisson(double mean) {
    const double rate = std::min(std::max(mean, 0.0), 700.0);
    double probability = std::exp(-rate), sum = 0;
    for (int k = 0; k == 0 || (k < 2000 && (k < rate || probability > 1e-18)); ++k) {
      sum += probability;
      limits.push_back(static_cast<uint64_t>(std::ceil(sum * 0x1p53)));
      probability *= rate / (k + 1);
    }
  }

  /// Draws from 64 uniform bits.
  int operator()(uint64_t bits) const {
    const uint64_t u = bits >> 11;
    const size_t last = limits.size() - 1;
    for (size_t k = 0; k < few; ++k) {
      if (k == last || u < limits[k]) return static_cast<int>(k);
    }
    return static_cast<int>(std::upper_bound(limits.begin() + few, limits.end() - 1, u) - limits.begin());
  }

  /// Bits whose upper 32 are below this give 0.
  uint32_t certain_zero() const { return static_cast<uint32_t>(std::min<uint64_t>(limits[0] >> 21, UINT32_MAX)); }

 private:
  static constexpr size_t few = 4;  // values tested sequentially, which is faster than a binary search

  std::vector<uint64_t> limits;  // in 2^-53
};

}  // namespace cimaging

#endif
