#ifndef CIMAGING_COLOR_H
#define CIMAGING_COLOR_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Maps every byte through a table of 256.
cimaging_status cimaging_lookup(const cimaging_pixels *source, const cimaging_pixels *destination, const uint8_t *table,
                                cimaging_message *message);

/// Maps each channel of an RGB image through its own table: three of 256, one after the other.
cimaging_status cimaging_lookup_channels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         const uint8_t *tables, cimaging_message *message);

/// The mean of all bytes over pixels and channels.
cimaging_status cimaging_mean(const cimaging_pixels *source, double *mean, cimaging_message *message);

/// Maps hue (0 ... 179), saturation and value of an RGB image through one table of 256 each.
cimaging_status cimaging_lookup_hsv(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const uint8_t *hue, const uint8_t *saturation, const uint8_t *value,
                                    cimaging_message *message);

typedef enum cimaging_gray_method {
  CIMAGING_GRAY_WEIGHTED = 0,      // 0.299 R + 0.587 G + 0.114 B
  CIMAGING_GRAY_LIGHTNESS = 1,     // L of Lab
  CIMAGING_GRAY_DESATURATION = 2,  // the middle of the largest and the smallest channel
  CIMAGING_GRAY_AVERAGE = 3,
  CIMAGING_GRAY_LARGEST = 4,
} cimaging_gray_method;

/// Converts RGB to grey. The destination has one channel, or three equal ones. The method does not matter for a grey
/// source, which is copied to each channel.
cimaging_status cimaging_gray(const cimaging_pixels *source, const cimaging_pixels *destination,
                              cimaging_gray_method method, cimaging_message *message);

/// The mean of the levels of CIMAGING_GRAY_WEIGHTED.
cimaging_status cimaging_gray_mean(const cimaging_pixels *source, double *mean, cimaging_message *message);

/// Blends an RGB image with its grey levels: value × factor + level × (1 - factor). OpenCV `addWeighted`.
cimaging_status cimaging_saturate(const cimaging_pixels *source, const cimaging_pixels *destination, double factor,
                                  cimaging_message *message);

/// Each channel of an RGB image becomes a weighted sum of the three; nine weights in 1024ths, row by row. OpenCV
/// `transform`.
cimaging_status cimaging_mix_channels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const int16_t *weights, cimaging_message *message);

/// Each channel of an RGB image becomes a weighted sum of the three plus an offset in levels, rounded: three rows of
/// three weights and an offset.
cimaging_status cimaging_affine_color(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const float *matrix, cimaging_message *message);

/// Converts RGB to grey levels along an axis in RGB: the smallest projection becomes 0, the largest 255. The
/// destination has one channel, or three equal ones.
cimaging_status cimaging_project(const cimaging_pixels *source, const cimaging_pixels *destination, const double *axis,
                                 cimaging_message *message);

/// The means of the three channels, and the sums of the products of their deviations from them: 3 x 3.
cimaging_status cimaging_color_moments(const cimaging_pixels *source, double *means, double *scatter,
                                       cimaging_message *message);

/// How often each level occurs: 256 counts per channel.
cimaging_status cimaging_histograms(const cimaging_pixels *source, uint64_t *counts, cimaging_message *message);

/// How often each level of Y of 8-bit YCrCb occurs in an RGB image.
cimaging_status cimaging_luma_histogram(const cimaging_pixels *source, uint64_t *counts, cimaging_message *message);

/// Maps Y of 8-bit YCrCb of an RGB image through a table. OpenCV `cvtColor` to YCrCb and back.
cimaging_status cimaging_lookup_luma(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const uint8_t *table, cimaging_message *message);

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
