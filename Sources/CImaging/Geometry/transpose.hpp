#ifndef CIMAGING_TRANSPOSE_HPP
#define CIMAGING_TRANSPOSE_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// RGB pixels of one image in another's memory order: rows may go up as well as down.
struct PixelRows {
  uint8_t *first;
  ptrdiff_t stride;

  uint8_t *at(ptrdiff_t row, ptrdiff_t column) const { return first + row * stride + 3 * column; }
};

/// Makes rows of `input`, which has `width` columns and `height` rows, columns of `output`.
void transpose(PixelRows input, PixelRows output, ptrdiff_t width, ptrdiff_t height);

}  // namespace cimaging

#endif
