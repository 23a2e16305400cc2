#include "OpenCV/planes.hpp"

#include <opencv2/imgproc.hpp>

#include "OpenCV/call.hpp"

namespace cimaging::opencv {

namespace {

template <typename Number>
cv::Mat matrix(Number *plane, PlaneShape shape) {
  using Plain = std::remove_const_t<Number>;
  return cv::Mat(shape.height, shape.width, cv::DataType<Plain>::type, const_cast<Plain *>(plane));
}

template <typename Number>
void blur_in_place(Number *plane, PlaneShape shape, const Gaussian &gaussian) {
  call([&] {
    cv::Mat image = matrix(plane, shape);
    cv::GaussianBlur(image, image, cv::Size(gaussian.size, gaussian.size), gaussian.sigma, gaussian.sigma,
                     gaussian.replicates ? cv::BORDER_REPLICATE : cv::BORDER_REFLECT_101);
  });
}

}  // namespace

void blur(double *plane, PlaneShape shape, const Gaussian &gaussian) { blur_in_place(plane, shape, gaussian); }

void blur(float *plane, PlaneShape shape, const Gaussian &gaussian) { blur_in_place(plane, shape, gaussian); }

void find_edges(const uint8_t *plane, PlaneShape shape, double low, double high, uint8_t *edges) {
  call([&] {
    cv::Mat output = matrix(edges, shape);
    cv::Canny(matrix(plane, shape), output, low, high);
  });
}

void find_distances(const uint8_t *plane, PlaneShape shape, float *distances) {
  call([&] {
    cv::Mat output = matrix(distances, shape);
    cv::distanceTransform(matrix(plane, shape), output, cv::DIST_L2, 5);
  });
}

void equalize(uint8_t *plane, PlaneShape shape) {
  call([&] {
    cv::Mat image = matrix(plane, shape);
    cv::equalizeHist(image, image);
  });
}

void correlate(float *plane, PlaneShape shape, const float *kernel) {
  call([&] {
    cv::Mat image = matrix(plane, shape);
    cv::filter2D(image, image, -1, cv::Mat(3, 3, CV_32F, const_cast<float *>(kernel)));
  });
}

}  // namespace cimaging::opencv
