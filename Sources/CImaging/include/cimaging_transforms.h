#ifndef CIMAGING_TRANSFORMS_H
#define CIMAGING_TRANSFORMS_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Mirrors: code 1 left to right, 0 top to bottom. OpenCV `flip`.
cimaging_status cimaging_flip(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t code,
                              cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
