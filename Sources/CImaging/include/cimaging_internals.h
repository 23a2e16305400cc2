#ifndef CIMAGING_INTERNALS_H
#define CIMAGING_INTERNALS_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// For tests: parts of what kernels do, to be compared with what they should do.

/// Standard deviation of the lightness, (max + min) / 510, over all pixels.
cimaging_status cimaging_lightness_deviation(const cimaging_pixels *source, double *deviation,
                                             cimaging_message *message);

/// Draws `count` numbers of events, Poisson of mean `rate`, and `count` turns of the hue in degrees, normal of standard
/// deviation `hue_deviation`, each from `seed` and its index alone.
cimaging_status cimaging_noise_fields(uint64_t seed, double rate, double hue_deviation, size_t count, int32_t *events,
                                      float *hue, cimaging_message *message);

/// Blurs a plane with a Gaussian, the outermost pixels repeated beyond the edge: whole (`is_whole`), or on a coarse
/// grid where sigma allows it, as the elastic field does.
cimaging_status cimaging_smooth(const float *plane, int32_t width, int32_t height, double sigma, int32_t is_whole,
                                float *blurred, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
