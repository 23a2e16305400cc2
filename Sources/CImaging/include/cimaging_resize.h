#ifndef CIMAGING_RESIZE_H
#define CIMAGING_RESIZE_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Scales the source to the size of the destination, with an interpolation by its number in OpenCV. OpenCV `resize`.
cimaging_status cimaging_resize(const cimaging_pixels *source, const cimaging_pixels *destination,
                                int32_t interpolation, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
