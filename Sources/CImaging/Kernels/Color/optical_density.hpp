#ifndef CIMAGING_OPTICAL_DENSITY_HPP
#define CIMAGING_OPTICAL_DENSITY_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace cimaging {

/// How much light a level has lost: -ln(level / 255), of black as of a level of 0.000255.
inline std::array<float, 256> optical_densities() {
  std::array<float, 256> densities;
  for (int level = 0; level < 256; ++level) {
    const float share = std::max(static_cast<float>(level) / 255.0f, 1e-6f);
    densities[level] = -static_cast<float>(std::log(static_cast<double>(share)));
  }
  return densities;
}

}  // namespace cimaging

#endif
