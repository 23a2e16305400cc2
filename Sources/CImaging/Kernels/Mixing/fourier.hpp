#ifndef CIMAGING_FOURIER_HPP
#define CIMAGING_FOURIER_HPP

#include <complex>
#include <cstddef>
#include <vector>

namespace cimaging {

/// A plane of complex numbers, row by row.
struct ComplexPlane {
  int rows, columns;
  std::vector<std::complex<float>> values;

  ComplexPlane(int rows, int columns)
      : rows(rows), columns(columns), values(static_cast<size_t>(rows) * static_cast<size_t>(columns)) {}

  std::complex<float> *row(int y) { return values.data() + static_cast<size_t>(y) * static_cast<size_t>(columns); }

  ComplexPlane transposed() const;
};

/// Fourier transforms of rows of one length, in time that hardly depends on the factors of the length.
class RowTransform {
 public:
  explicit RowTransform(int length);

  /// Transforms the rows `first` ..< `end` in place; `is_inverse` divides by the length.
  void apply(ComplexPlane &plane, int first, int end, bool is_inverse);

 private:
  int length;
  /// Zero if the factors of the length are small; otherwise the length of the convolution that takes its place.
  int padded = 0;
  std::vector<std::complex<float>> chirp, chirp_spectrum, scratch;

  void convolve(std::complex<float> *row, bool is_inverse);
};

}  // namespace cimaging

#endif
