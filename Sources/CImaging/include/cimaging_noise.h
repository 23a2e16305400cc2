#ifndef CIMAGING_NOISE_H
#define CIMAGING_NOISE_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// Sensor noise; RGB only.

/// Brightens each pixel by its events and turns its hue. The fields have a value per pixel, row by row.
cimaging_status cimaging_apply_noise(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const int32_t *events, const float *hue, double intensity,
                                     cimaging_message *message);

/// Draws both fields and applies them in one pass. The rate of events is the deviation of lightness × intensity, the
/// deviation of hues color_shift × intensity. Pixels that stay as they are draw no turn.
cimaging_status cimaging_iso_noise(const cimaging_pixels *source, const cimaging_pixels *destination, uint64_t seed,
                                   double color_shift, double intensity, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
