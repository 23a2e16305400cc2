#ifndef CIMAGING_JPEG_H
#define CIMAGING_JPEG_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif
#endif
