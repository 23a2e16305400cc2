#ifndef CIMAGING_PNG_H
#define CIMAGING_PNG_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif
#endif
