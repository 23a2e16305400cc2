#ifndef CIMAGING_PICK_HPP
#define CIMAGING_PICK_HPP

#include <vector>

#include "view.hpp"

namespace cimaging {

/// For each column or row of the result the nearest one of the source, rounded down. OpenCV `resize`.
std::vector<int> nearest_places(int from, int to);

/// Takes for each pixel of the result that of a column and a row of the source.
void pick(const View &input, View &output, const std::vector<int> &columns, const std::vector<int> &rows);

}  // namespace cimaging

#endif
