#ifndef CIMAGING_AREA_PLAN_HPP
#define CIMAGING_AREA_PLAN_HPP

#include <vector>

#include "view.hpp"

namespace cimaging {

/// For each column or row of the result the first that it covers, and the weights of `count` from there on, in fours.
struct AreaTaps {
  AreaTaps(int size, size_t most)
      : count((most + 3) / 4 * 4), weights(static_cast<size_t>(size) * count), is_last_empty(most <= 3) {}

  size_t count;
  std::vector<int> places;
  std::vector<float> weights;
  bool is_last_empty;  // there is one four, and its last weight is always 0
};

/// How the result is made from columns and rows.
struct AreaPlan {
  AreaTaps columns, rows;
  float share;  // what sums are multiplied by
};

/// Pixels under one of the result where both factors are whole, else 0.
double whole_area(const View &input, const View &output);

/// Of an image that is nowhere larger than `input`.
AreaPlan plan_areas(const View &input, const View &output);

}  // namespace cimaging

#endif
