// OpenCV's filters of planes of numbers.

#ifndef CIMAGING_PLANES_HPP
#define CIMAGING_PLANES_HPP

#include <cstdint>

namespace cimaging::opencv {

/// The side lengths of a plane whose rows follow each other without a gap.
struct PlaneShape {
  int width, height;
};

/// Taps of a Gaussian, and the pixels beyond the edge.
struct Gaussian {
  int size;  // 0: as many as `sigma` needs
  double sigma;
  bool replicates;  // the outermost pixels, rather than reflecting the image about them
};

/// `GaussianBlur`, in place.
void blur(double *plane, PlaneShape shape, const Gaussian &gaussian);
void blur(float *plane, PlaneShape shape, const Gaussian &gaussian);

/// `Canny`: 255 on edges, 0 elsewhere.
void find_edges(const uint8_t *plane, PlaneShape shape, double low, double high, uint8_t *edges);

/// `distanceTransform` with DIST_L2 and a mask of 5: the distance of each pixel to the nearest one that is 0.
void find_distances(const uint8_t *plane, PlaneShape shape, float *distances);

/// `equalizeHist`, in place.
void equalize(uint8_t *plane, PlaneShape shape);

/// `filter2D` with a 3 x 3 kernel, in place.
void correlate(float *plane, PlaneShape shape, const float *kernel);

}  // namespace cimaging::opencv

#endif
