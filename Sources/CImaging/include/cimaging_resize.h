#ifndef CIMAGING_RESIZE_H
#define CIMAGING_RESIZE_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Scales the source to the size of the destination, each pixel the mean of the area it covers. OpenCV `resize` with
/// INTER_AREA.
cimaging_status cimaging_resize(const cimaging_pixels *source, const cimaging_pixels *destination,
                                cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
