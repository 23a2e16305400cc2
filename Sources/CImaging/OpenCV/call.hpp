// How files of this folder call OpenCV; no other file includes it.

#ifndef CIMAGING_CALL_HPP
#define CIMAGING_CALL_HPP

#include <new>
#include <opencv2/core.hpp>

#include "view.hpp"

namespace cimaging::opencv {

inline cv::Mat matrix(const View &view) {
  return cv::Mat(view.height, view.width, CV_8UC(view.channels), const_cast<uint8_t *>(view.pixels), view.stride);
}

/// Calls OpenCV and rethrows its out-of-memory error as `std::bad_alloc`.
template <typename Body>
void call(Body body) {
  try {
    body();
  } catch (const cv::Exception &error) {
    if (error.code == cv::Error::StsNoMem) throw std::bad_alloc();
    throw;
  }
}

/// As `call`, with matrices that wrap the images. OpenCV reallocates the destination if its size or type does not
/// match.
template <typename Body>
void call(const View &input, View &output, Body body) {
  call([&] {
    cv::Mat destination = matrix(output);
    body(matrix(input), destination);
    require(destination.data == output.pixels, "the destination has another shape");
  });
}

}  // namespace cimaging::opencv

#endif
