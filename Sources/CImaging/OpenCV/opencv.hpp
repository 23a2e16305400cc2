// The few OpenCV calls that this library does not reimplement. No other file includes OpenCV headers.

#ifndef CIMAGING_OPENCV_HPP
#define CIMAGING_OPENCV_HPP

#include <array>
#include <cstdint>
#include <vector>

#include "include/cimaging_warp.h"
#include "view.hpp"

namespace cimaging::opencv {

/// `sepFilter2D` with the same taps for rows and columns.
void filter_separable(const View &input, View &output, const double *taps, int count);

/// `filter2D` with a square kernel.
void correlate(const View &input, View &output, const float *kernel, int size);

/// `blur`.
void box_blur(const View &input, View &output, int size);

/// `medianBlur`.
void median(const View &input, View &output, int size);

/// `rotate` by 90 degrees.
void rotate(const View &input, View &output, bool is_clockwise);

/// `transpose`, followed by a rotation by 180 degrees if `is_transverse`.
void transpose(const View &input, View &output, bool is_transverse);

/// `resize` to the size of the output; `interpolation` is OpenCV's constant.
void resize(const View &input, View &output, int interpolation);

/// `fillConvexPoly` of four corners (x, y) in a plane.
void fill_quadrilateral(uint16_t *plane, int width, int height, const int32_t *corners, uint16_t value);

/// `resize` by the factor `scale`, to which the size of the output has been rounded.
void rescale(const View &input, View &output, double scale, int interpolation);

/// `remap` of rows `first` ..< `end` of the output. Both maps begin with row `first`: `whole` holds integer x and y
/// interleaved, `fraction` the 32nds of both as one number.
void remap(const View &input, View &output, int first, int end, const int16_t *whole, const uint16_t *fraction,
           const cimaging_resampling &resampling);

/// `getGaussianKernel`.
std::vector<double> gaussian_taps(int count, double sigma);

/// The same as floats.
std::vector<float> float_gaussian_taps(int count, double sigma);

/// `GaussianBlur` of a float plane with BORDER_REPLICATE.
void blur_plane(const float *plane, int width, int height, double sigma, float *blurred);

/// `getPerspectiveTransform` from four points (x, y) to four others.
std::array<double, 9> perspective(const float *from, const float *to);

/// `solve` of `side` linear equations, for each of `columns` of right-hand sides, which become the
/// solutions; row by row.
void solve(double *matrix, double *values, int side, int columns);

/// `invert` of a 3 × 3 matrix.
std::array<double, 9> inverse(const double *matrix);

/// `dft` of each row of complex numbers, in place; the inverse divides by `length`.
void transform_rows(float *numbers, int rows, int length, bool is_inverse);

/// `addWeighted` of two images of the output's shape.
void add_weighted(const View &first, double weight, const View &second, double second_weight, View &output);

/// `cvtColor` from grey to RGB, or from RGB to grey.
void change_channels(const View &input, View &output);

/// Lab's cube root of i / 255 / 2^`linear_fraction`, with `root_fraction` fraction bits. Uses OpenCV's own softfloat
/// arithmetic, because two of the roots lie within 1e-4 of a rounding boundary.
int lab_root(int i, int linear_fraction, int root_fraction);

}  // namespace cimaging::opencv

#endif
