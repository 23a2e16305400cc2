#ifndef CIMAGING_GUARD_HPP
#define CIMAGING_GUARD_HPP

#include <cstdio>
#include <new>
#include <opencv2/core.hpp>

#include "include/cimaging_core.h"

namespace cimaging {

/// The pixels as an OpenCV matrix over the same memory.
inline cv::Mat matrix(const cimaging_pixels *pixels) {
  return cv::Mat(pixels->height, pixels->width, CV_8UC(pixels->channels), pixels->base, pixels->row_stride);
}

/// Fills `message` and gives `status` back.
inline cimaging_status fail(cimaging_message *message, cimaging_status status, const char *text) {
  std::snprintf(message->text, sizeof message->text, "%s", text);
  return status;
}

/// Runs `body` and turns any exception into a status and a message: none may reach Swift, where it would abort.
template <typename Body>
cimaging_status guarded(cimaging_message *message, Body body) noexcept {
  try {
    body();
    return CIMAGING_OK;
  } catch (const std::bad_alloc &) {
    return fail(message, CIMAGING_OUT_OF_MEMORY, "out of memory");
  } catch (const cv::Exception &error) {
    return fail(message, error.code == cv::Error::StsNoMem ? CIMAGING_OUT_OF_MEMORY : CIMAGING_FAILED, error.what());
  } catch (const std::exception &error) {
    return fail(message, CIMAGING_FAILED, error.what());
  } catch (...) {
    return fail(message, CIMAGING_FAILED, "an unknown C++ exception");
  }
}

/// As `guarded`, for an OpenCV call that writes an image: `body` gets source and destination, and must not have put the
/// destination elsewhere, which OpenCV does when the sizes or types differ.
template <typename Body>
cimaging_status transformed(const cimaging_pixels *source, const cimaging_pixels *destination,
                            cimaging_message *message, Body body) noexcept {
  return guarded(message, [&] {
    const cv::Mat input = matrix(source);
    cv::Mat output = matrix(destination);
    body(input, output);
    if (output.data != destination->base) CV_Error(cv::Error::StsUnmatchedSizes, "the destination has another shape");
  });
}

}  // namespace cimaging

#endif
