#ifndef CIMAGING_PLANE_HPP
#define CIMAGING_PLANE_HPP

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <new>

namespace cimaging {

/// Contiguous rows of floats, cache-line aligned at the first row, initially uninitialized.
class Plane {
 public:
  Plane() = default;

  Plane(int rows, int columns) : rows(rows), columns(columns), values(hwy::AllocateAligned<float>(count())) {
    if (values == nullptr) throw std::bad_alloc();
  }

  float *row(int y) { return values.get() + static_cast<size_t>(y) * columns; }
  const float *row(int y) const { return values.get() + static_cast<size_t>(y) * columns; }

  int rows = 0, columns = 0;

 private:
  size_t count() const { return static_cast<size_t>(rows) * static_cast<size_t>(columns); }

  hwy::AlignedFreeUniquePtr<float[]> values;
};

}  // namespace cimaging

#endif
