#ifndef CIMAGING_MIXING_H
#define CIMAGING_MIXING_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Moves each channel's distribution of levels to that of `reference`, which may have another size, and mixes the
/// result with the source: `ratio` 0 ... 1 is its share.
cimaging_status cimaging_match_histogram(const cimaging_pixels *source, const cimaging_pixels *reference,
                                         const cimaging_pixels *destination, double ratio, cimaging_message *message);

/// Ways to adapt the distribution of colours.
enum { CIMAGING_ADAPT_PCA = 0, CIMAGING_ADAPT_STANDARD = 1, CIMAGING_ADAPT_MINMAX = 2 };

/// Gives the colours the mean and spread of those of `reference`, which may have another size: along principal axes,
/// by the deviation of each channel, or by its range. `ratio` is the share of the result.
cimaging_status cimaging_adapt_distribution(const cimaging_pixels *source, const cimaging_pixels *reference,
                                            const cimaging_pixels *destination, int32_t way, double ratio,
                                            cimaging_message *message);

/// Gives the lowest frequencies the amplitudes of `reference`, which has the source's shape: those closer to zero than
/// `share` 0 ... 0.5 of the shorter side.
cimaging_status cimaging_exchange_amplitudes(const cimaging_pixels *source, const cimaging_pixels *reference,
                                             const cimaging_pixels *destination, double share,
                                             cimaging_message *message);

/// The weighted sum of two images of one shape, rounded and clamped. OpenCV `addWeighted`.
cimaging_status cimaging_blend(const cimaging_pixels *source, const cimaging_pixels *other,
                               const cimaging_pixels *destination, double weight, double other_weight,
                               cimaging_message *message);

/// A copy of the source with `patch` at `x`, `y`, where it must fit; where `mask`, a plane of the patch's size or NULL,
/// is 0, the source shows.
cimaging_status cimaging_overlay(const cimaging_pixels *source, const cimaging_pixels *patch,
                                 const cimaging_pixels *mask, const cimaging_pixels *destination, int32_t x, int32_t y,
                                 cimaging_message *message);

/// Colour from grey, or grey from colour, by the channels of the destination. OpenCV `cvtColor`.
cimaging_status cimaging_change_channels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
