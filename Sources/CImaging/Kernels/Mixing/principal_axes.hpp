#ifndef CIMAGING_PRINCIPAL_AXES_HPP
#define CIMAGING_PRINCIPAL_AXES_HPP

#include <array>

#include "view.hpp"

namespace cimaging {

/// The mean colour of an image and the axes along which its colours vary, the longest first. Levels count from 0 to 1.
struct PrincipalAxes {
  using Color = std::array<double, 3>;

  Color mean{};
  /// One a row.
  std::array<Color, 3> axes{};

  explicit PrincipalAxes(const View &image);

  /// Of the axes, whose signs are arbitrary.
  double trace() const { return axes[0][0] + axes[1][1] + axes[2][2]; }
};

}  // namespace cimaging

#endif
