#ifndef CIMAGING_NOISE_H
#define CIMAGING_NOISE_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// Sensor noise, RGB only.

/// Brightens each pixel by its events and shifts its hue in degrees. Both fields have one value per pixel in row-major
/// order.
cimaging_status cimaging_apply_noise(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const int32_t *events, const float *hue, double intensity,
                                     cimaging_message *message);

/// Draws both fields and applies them in one pass. The event rate is the standard deviation of the lightness ×
/// intensity; the standard deviation of the hue shift is color_shift × intensity. Draws no hue shift for pixels that do
/// not change.
cimaging_status cimaging_iso_noise(const cimaging_pixels *source, const cimaging_pixels *destination, uint64_t seed,
                                   double color_shift, double intensity, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
