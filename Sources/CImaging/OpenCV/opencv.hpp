// What is left to OpenCV: the few calls that this library does not do itself. Nothing else includes a header of it.

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

/// `rotate` by a quarter.
void rotate(const View &input, View &output, bool is_clockwise);

/// `transpose`, and a half turn after it where it is about the other diagonal.
void transpose(const View &input, View &output, bool is_transverse);

/// `resize` with an interpolation by its number.
void resize(const View &input, View &output, int interpolation);

/// Rows `first` ..< `end` of the output by `remap`. Places are whole pixels, x and y in turn, and the 32nds of both as one
/// number; those of row `first` come first.
void remap(const View &input, View &output, int first, int end, const int16_t *whole, const uint16_t *fraction,
           const cimaging_resampling &resampling);

/// `getGaussianKernel`.
std::vector<double> gaussian_taps(int count, double sigma);

/// The same of floats.
std::vector<float> float_gaussian_taps(int count, double sigma);

/// `GaussianBlur` of a plane of floats, its outermost values repeated beyond the edge.
void blur_plane(const float *plane, int width, int height, double sigma, float *blurred);

/// `getPerspectiveTransform` of four points x, y to four others.
std::array<double, 9> perspective(const float *from, const float *to);

/// `invert` of a matrix of 3 × 3.
std::array<double, 9> inverse(const double *matrix);

/// The cube root of i / 255 / 2^`linear_fraction` as Lab has it, with `root_fraction` bits behind the point. In OpenCV's
/// own arithmetic, since two of the roots lie within 1e-4 of a half.
int lab_root(int i, int linear_fraction, int root_fraction);

}  // namespace cimaging::opencv

#endif
