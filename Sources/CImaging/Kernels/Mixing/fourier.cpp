#include "Kernels/Mixing/fourier.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "OpenCV/opencv.hpp"

namespace cimaging {

namespace {

int largest_prime_factor(int number) {
  int largest = 1;
  for (int factor = 2; factor * factor <= number; ++factor) {
    while (number % factor == 0) number /= factor, largest = factor;
  }
  return std::max(largest, number);
}

/// OpenCV's time for a length grows with its largest prime factor; from here on, a convolution is faster.
constexpr int largest_factor = 64;

}  // namespace

ComplexPlane ComplexPlane::transposed() const {
  ComplexPlane result(columns, rows);
  constexpr int block = 32;  // both blocks fit the first cache
  for (int top = 0; top < rows; top += block) {
    for (int left = 0; left < columns; left += block) {
      for (int y = top; y < std::min(rows, top + block); ++y) {
        const auto *from = values.data() + static_cast<size_t>(y) * static_cast<size_t>(columns);
        for (int x = left; x < std::min(columns, left + block); ++x) result.row(x)[y] = from[x];
      }
    }
  }
  return result;
}

/// Bluestein's method: a transform of any length is a convolution with a chirp, and that a product of spectra whose
/// length is a power of two.
RowTransform::RowTransform(int length) : length(length) {
  if (largest_prime_factor(length) <= largest_factor) return;
  padded = 1;
  while (padded < 2 * length - 1) padded *= 2;
  chirp.resize(static_cast<size_t>(length));
  chirp_spectrum.resize(static_cast<size_t>(padded));
  scratch.resize(static_cast<size_t>(padded));
  for (int64_t i = 0; i < length; ++i) {
    // The square modulo twice the length keeps the angle small, and so exact.
    const double angle = M_PI * static_cast<double>(i * i % (2 * static_cast<int64_t>(length))) / length;
    chirp[i] = std::complex<float>(std::polar(1.0, -angle));
    chirp_spectrum[i] = std::conj(chirp[i]);
    if (i > 0) chirp_spectrum[padded - i] = std::conj(chirp[i]);
  }
  opencv::transform_rows(reinterpret_cast<float *>(chirp_spectrum.data()), 1, padded, false);
}

void RowTransform::apply(ComplexPlane &plane, int first, int end, bool is_inverse) {
  if (first >= end) return;
  if (padded == 0) {
    return opencv::transform_rows(reinterpret_cast<float *>(plane.row(first)), end - first, length, is_inverse);
  }
  for (int y = first; y < end; ++y) convolve(plane.row(y), is_inverse);
}

/// The inverse is the conjugate of the transform of the conjugates.
void RowTransform::convolve(std::complex<float> *row, bool is_inverse) {
  auto *numbers = reinterpret_cast<float *>(scratch.data());
  for (int i = 0; i < length; ++i) scratch[i] = (is_inverse ? std::conj(row[i]) : row[i]) * chirp[i];
  std::fill(scratch.begin() + length, scratch.end(), 0.0f);
  opencv::transform_rows(numbers, 1, padded, false);
  for (int i = 0; i < padded; ++i) scratch[i] *= chirp_spectrum[i];
  opencv::transform_rows(numbers, 1, padded, true);
  for (int i = 0; i < length; ++i) {
    const auto value = scratch[i] * chirp[i];
    row[i] = is_inverse ? std::conj(value) / static_cast<float>(length) : value;
  }
}

}  // namespace cimaging
