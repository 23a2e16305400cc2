#ifndef CIMAGING_RESIZE_ROWS_HPP
#define CIMAGING_RESIZE_ROWS_HPP

#include <array>
#include <cstddef>

namespace cimaging {

/// Two rows of the source, so that both share what is known about a column, or two as wide as the result.
template <typename Value>
using RowPair = std::array<Value *, 2>;

/// Bytes of the source that are loaded at once for columns of the result.
constexpr int reach = 16;

/// Room behind a row as wide as the result, in values, on any instruction set.
constexpr size_t widest_vector = 64;

}  // namespace cimaging

#endif
