#ifndef CIMAGING_COLOR_H
#define CIMAGING_COLOR_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Maps every byte through a table of 256.
cimaging_status cimaging_lookup(const cimaging_pixels *source, const cimaging_pixels *destination, const uint8_t *table,
                                cimaging_message *message);

/// The mean of all bytes over pixels and channels.
cimaging_status cimaging_mean(const cimaging_pixels *source, double *mean, cimaging_message *message);

/// Maps hue (0 ... 179), saturation and value of an RGB image through one table of 256 each.
cimaging_status cimaging_lookup_hsv(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const uint8_t *hue, const uint8_t *saturation, const uint8_t *value,
                                    cimaging_message *message);

/// Contrast-limited adaptive histogram equalisation; for RGB on L of Lab. OpenCV `CLAHE`.
cimaging_status cimaging_clahe(const cimaging_pixels *source, const cimaging_pixels *destination, double clip_limit,
                               int32_t columns, int32_t rows, cimaging_message *message);

/// Channel i of the RGB destination is channel order[i] of the source.
cimaging_status cimaging_shuffle(const cimaging_pixels *source, const cimaging_pixels *destination,
                                 const int32_t *order, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
