#ifndef CIMAGING_GUARD_HPP
#define CIMAGING_GUARD_HPP

#include <cstdio>
#include <exception>
#include <new>

#include "include/cimaging_core.h"
#include "view.hpp"

namespace cimaging {

inline View view(const cimaging_pixels *pixels) {
  return {pixels->base, pixels->width, pixels->height, pixels->channels, pixels->row_stride};
}

/// Sets `message` and returns `status`.
inline cimaging_status fail(cimaging_message *message, cimaging_status status, const char *text) {
  std::snprintf(message->text, sizeof message->text, "%s", text);
  return status;
}

/// Runs `body` and converts any exception to a status and a message; an exception that reached Swift would abort.
template <typename Body>
cimaging_status guarded(cimaging_message *message, Body body) noexcept {
  try {
    body();
    return CIMAGING_OK;
  } catch (const std::bad_alloc &) {
    return fail(message, CIMAGING_OUT_OF_MEMORY, "out of memory");
  } catch (const std::exception &error) {
    return fail(message, CIMAGING_FAILED, error.what());
  } catch (...) {
    return fail(message, CIMAGING_FAILED, "an unknown C++ exception");
  }
}

/// As `guarded`, for a kernel whose output may have another size; `body` gets source and destination.
template <typename Body>
cimaging_status reshaped(const cimaging_pixels *source, const cimaging_pixels *destination, cimaging_message *message,
                         Body body) noexcept {
  return guarded(message, [&] {
    const View input = view(source);
    View output = view(destination);
    require(input.channels == output.channels, "the destination has other channels");
    body(input, output);
  });
}

/// As `reshaped`, for a kernel whose destination has the source's shape.
template <typename Body>
cimaging_status transformed(const cimaging_pixels *source, const cimaging_pixels *destination,
                            cimaging_message *message, Body body) noexcept {
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    require(input.has_shape_of(output), "the destination has another shape");
    body(input, output);
  });
}

}  // namespace cimaging

#endif
