#ifndef CIMAGING_TESTING_H
#define CIMAGING_TESTING_H

#include "../cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// Parts of kernels, exposed separately for tests only.

/// Standard deviation of the lightness, (max + min) / 510, over all pixels.
cimaging_status cimaging_lightness_deviation(const cimaging_pixels *source, double *deviation,
                                             cimaging_message *message);

/// Draws `count` event counts, Poisson with mean `rate`, and `count` hue shifts in degrees, normal with standard
/// deviation `hue_deviation`. Each value depends only on `seed` and its index.
cimaging_status cimaging_noise_fields(uint64_t seed, double rate, double hue_deviation, size_t count, int32_t *events,
                                      float *hue, cimaging_message *message);

/// The level that a sensor shows for a number of photons, each of which is a share `scale` of white.
uint8_t cimaging_photon_level(int32_t count, double scale);

/// Blurs a plane with a Gaussian with replicated borders: at full resolution if `is_whole`, otherwise as the elastic
/// field does, on a coarse grid if sigma allows it.
cimaging_status cimaging_smooth(const float *plane, int32_t width, int32_t height, double sigma, int32_t is_whole,
                                float *blurred, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
