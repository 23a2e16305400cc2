#include <dlfcn.h>

#include <cstdio>
#include <new>
#include <opencv2/core.hpp>

#include "guard.hpp"
#include "include/cimaging_drop.h"

using namespace cimaging;

// OpenCV's photo library is installed with the others, but few need it: it is loaded when a pipeline first asks for it,
// and costs the start of the other programs nothing.

namespace {

using Inpaint = void (*)(const cv::_InputArray &, const cv::_InputArray &, const cv::_OutputArray &, double, int);

/// `cv::inpaint`, or null where the library is missing. Never unloaded.
Inpaint inpaint() {
  static const Inpaint found = [] {
    char name[64];
    std::snprintf(name, sizeof name, "libopencv_photo.so.%d%02d", CV_VERSION_MAJOR, CV_VERSION_MINOR);
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    void *symbol =
        library == nullptr ? nullptr : dlsym(library, "_ZN2cv7inpaintERKNS_11_InputArrayES2_RKNS_12_OutputArrayEdi");
    return reinterpret_cast<Inpaint>(symbol);
  }();
  return found;
}

cv::Mat matrix(const View &view) {
  return cv::Mat(view.height, view.width, CV_8UC(view.channels), const_cast<uint8_t *>(view.pixels), view.stride);
}

}  // namespace

int32_t cimaging_can_inpaint(void) { return inpaint() != nullptr ? 1 : 0; }

cimaging_status cimaging_inpaint_holes(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const cimaging_hole *holes, size_t count, int32_t method,
                                       cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(inpaint() != nullptr, "OpenCV's photo library is not installed");
    constexpr double radius = 3;
    cv::Mat mask = cv::Mat::zeros(input.height, input.width, CV_8U), result = matrix(output);
    const cv::Rect whole(0, 0, input.width, input.height);
    for (size_t i = 0; i < count; ++i) {
      mask(cv::Rect(holes[i].x, holes[i].y, holes[i].width, holes[i].height) & whole).setTo(255);
    }
    try {
      inpaint()(matrix(input), mask, result, radius, method);
    } catch (const cv::Exception &error) {
      if (error.code == cv::Error::StsNoMem) throw std::bad_alloc();
      throw;
    }
    require(result.data == output.pixels, "the destination has another shape");
  });
}
