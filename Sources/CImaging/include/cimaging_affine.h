#ifndef CIMAGING_AFFINE_H
#define CIMAGING_AFFINE_H

#include "cimaging_transforms.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Warps by a matrix of two rows of three from source to destination. OpenCV `warpAffine`.
cimaging_status cimaging_warp_affine(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const double *matrix, const cimaging_resampling *resampling,
                                     cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
