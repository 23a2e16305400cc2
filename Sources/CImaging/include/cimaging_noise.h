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

/// Of white noise.
typedef enum cimaging_distribution {
  CIMAGING_NORMAL = 0,     // with mean 0 and deviation 1
  CIMAGING_UNIFORM = 1,    // in -1 ... 1
  CIMAGING_LAPLACE = 2,    // with mean 0 and scale 1
  CIMAGING_QUANTILES = 3,  // by a table
} cimaging_distribution;

/// White noise: offset + scale × numbers of a distribution.
typedef struct cimaging_white_noise {
  uint64_t seed;
  int32_t distribution;
  int32_t is_shared;  // one number for all channels of a pixel
  double offset;
  double scale;
  /// The share of each side at which it is drawn, above 0 and at most 1. Coarser noise is enlarged linearly.
  double density;
  /// Of CIMAGING_QUANTILES: numbers for the probabilities 0 to 1 in even steps.
  const float *quantiles;
  int32_t quantile_count;
} cimaging_white_noise;

/// Adds noise in levels, each number cut toward zero. Grey and colour.
cimaging_status cimaging_add_white_noise(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         const cimaging_white_noise *noise, cimaging_message *message);

/// Multiplies each value with its number, and cuts the product to a whole level. Grey and colour.
cimaging_status cimaging_multiply_white_noise(const cimaging_pixels *source, const cimaging_pixels *destination,
                                              const cimaging_white_noise *noise, cimaging_message *message);

/// The same with given numbers: one for each value, in row-major order.
cimaging_status cimaging_add_numbers(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const float *levels, cimaging_message *message);
cimaging_status cimaging_multiply_numbers(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const float *factors, cimaging_message *message);

/// The number below which a beta distribution lies with some probability.
double cimaging_beta_quantile(double alpha, double beta, double probability);

/// Writes count quantiles of a beta distribution, for the probabilities 0 to 1 in even steps.
void cimaging_beta_quantiles(double alpha, double beta, float *quantiles, int32_t count);

/// Replaces each value by that of as many photons as a sensor counts that gets one for every `scale` of the full
/// light. Grey and colour.
cimaging_status cimaging_shot_noise(const cimaging_pixels *source, const cimaging_pixels *destination, uint64_t seed,
                                    double scale, cimaging_message *message);

/// Makes `salt` pixels white and `pepper` others black, at random places. Grey and colour.
cimaging_status cimaging_salt_and_pepper(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         uint64_t seed, int64_t salt, int64_t pepper, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
