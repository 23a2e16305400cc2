#ifndef CIMAGING_FLIP_HPP
#define CIMAGING_FLIP_HPP

#include "view.hpp"

namespace cimaging {

/// Mirrors each row, and where `is_turned` puts it where the opposite one was.
void mirror(const View &input, View &output, bool is_turned);

}  // namespace cimaging

#endif
