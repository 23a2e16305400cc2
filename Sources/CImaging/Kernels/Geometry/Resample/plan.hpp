#ifndef CIMAGING_RESAMPLE_PLAN_HPP
#define CIMAGING_RESAMPLE_PLAN_HPP

#include <cstdint>

#include "Kernels/Geometry/Resample/taps.hpp"
#include "view.hpp"

namespace cimaging {

/// The taps of both directions, and what is between them: after either, sums are rounded and cut off at `largest`.
struct ResamplingPlan {
  Taps columns, rows;
  int32_t largest;
};

/// Throws `std::invalid_argument` if the window is not inside the image, or if resampling takes too much memory.
/// - Parameter largest: 255, or `Light::full` for numbers of 15 bits.
/// - Parameter values: per pixel, 1 or more.
ResamplingPlan make_plan(const View &input, const View &output, const cimaging_resample_options &options,
                         int32_t largest, int values);

}  // namespace cimaging

#endif
