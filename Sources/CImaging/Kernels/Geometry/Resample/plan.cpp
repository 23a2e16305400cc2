#include "Kernels/Geometry/Resample/plan.hpp"

#include <algorithm>

namespace cimaging {
namespace {

/// The largest shifts at which sums of bytes, or of numbers of 15 bits, stay below 2³¹. The absolute values of lanczos'
/// taps add up to less than 1.7 times their sum.
constexpr int shift_of_bytes = 22, shift_of_numbers = 15;

/// A vector holds 16 pairs of pixels at most, of colours 4.
constexpr size_t granule(int values) { return values == 1 ? 16 : 4; }

constexpr double scratch_byte_limit = 1 << 30;

/// What all of resampling allocates, at most. It grows with the proportions of an image rather than its size, so that
/// a file of a few kilobytes could ask for more than a machine has. In floating point, which does not overflow.
double scratch_byte_count(cimaging_filter filter, const Direction &columns, const Direction &rows) {
  // Whole granules and vectors, and two numbers beside the pairs of each place.
  constexpr double bytes_of_block = 16, spare_pairs = 16 + 2, spare_blocks = 16;
  const double across = most_pairs(filter, columns) + spare_pairs, down = most_pairs(filter, rows) + spare_pairs;
  const double taps = sizeof(int32_t) * (across * columns.places + down * rows.places);
  const double weights = 4 * sizeof(double) * std::max(across, down);
  return taps + weights + bytes_of_block * (columns.source + down * (columns.places + spare_blocks));
}

}  // namespace

ResamplingPlan make_plan(const View &input, const View &output, const cimaging_resample_options &options,
                         int32_t largest, int values) {
  require(options.width > 0 && options.height > 0 && options.x >= 0 && options.y >= 0, "the window is empty");
  constexpr double rounding = 1e-6;
  require(options.x + options.width <= input.width + rounding && options.y + options.height <= input.height + rounding,
          "the window is not inside the image");
  const auto filter = static_cast<cimaging_filter>(options.filter);
  const Direction columns{options.x, options.width, input.width, output.width};
  const Direction rows{options.y, options.height, input.height, output.height};
  require(scratch_byte_count(filter, columns, rows) <= scratch_byte_limit,
          "resampling an image of such proportions takes more than a gigabyte of memory");
  const TapFormat format{largest == 255 ? shift_of_bytes : shift_of_numbers, granule(values)};
  return {make_taps(filter, columns, format), make_taps(filter, rows, format), largest};
}

}  // namespace cimaging
