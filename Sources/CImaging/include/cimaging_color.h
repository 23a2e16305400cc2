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

/// How the numbers of a column and a row give the light of a pixel.
typedef enum cimaging_light_form {
  CIMAGING_LIGHT_SUM = 0,       // results are rounded, those of the others truncated
  CIMAGING_LIGHT_DISTANCE = 1,  // the square root of the sum
  CIMAGING_LIGHT_PRODUCT = 2,
} cimaging_light_form;

/// Light that falls on an image: a number for each column and each row.
typedef struct cimaging_light {
  cimaging_light_form form;
  int32_t is_inverted;  // whether 1 - light counts
  double slope;
  float offset;
  const float *columns;
  const float *rows;
} cimaging_light;

/// Multiplies each pixel by light x slope + offset.
cimaging_status cimaging_illuminate(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const cimaging_light *light, cimaging_message *message);

/// Clouds by the diamond-square algorithm. Each halving of the grid has noise `roughness` times as large.
typedef struct cimaging_plasma {
  uint64_t seed;
  double roughness;
} cimaging_plasma;

/// Writes a pattern of 0 ... 1, row by row.
cimaging_status cimaging_plasma_pattern(const cimaging_plasma *plasma, int32_t width, int32_t height, float *pattern,
                                        cimaging_message *message);

/// Multiplies each pixel by 1 - pattern x intensity, and truncates.
cimaging_status cimaging_plasma_shadow(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const float *pattern, float intensity, cimaging_message *message);

/// Adds pattern x brightness, then raises the contrast about the mean by pattern x contrast. Negative factors have no
/// effect.
cimaging_status cimaging_plasma_contrast(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         const float *pattern, float brightness, float contrast,
                                         cimaging_message *message);

/// Divides an image into about `count` segments of similar pixels, and gives those that `replaced` names, one flag
/// after the other and then from its start again, their mean color.
cimaging_status cimaging_superpixels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const uint8_t *replaced, int32_t count, cimaging_message *message);

/// How optical densities change, -ln of a level's share of 255: three rows of three weights and an offset, for tissue
/// and for the brighter rest.
typedef struct cimaging_stain {
  float tissue[12];
  float background[12];
} cimaging_stain;

/// Changes the stains of an RGB image.
cimaging_status cimaging_apply_stain(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const cimaging_stain *stain, cimaging_message *message);

/// The covariance, 3 x 3, of the optical densities of tissue, which are above 0.05, and the number of its pixels.
cimaging_status cimaging_density_covariance(const cimaging_pixels *source, double *covariance, int64_t *count,
                                            cimaging_message *message);

/// Two angles, the percentiles 100 - `percent` and `percent` of those of the tissue's optical densities in a plane,
/// 3 x 2.
cimaging_status cimaging_density_angles(const cimaging_pixels *source, const double *plane, double percent,
                                        double *angles, cimaging_message *message);

/// Estimates the optical densities of two stains, 2 x 3, of length 1, from those given.
cimaging_status cimaging_factor_stains(const cimaging_pixels *source, double *stains, int32_t iterations,
                                       cimaging_message *message);

/// Contrast-limited adaptive histogram equalisation; for RGB on L of Lab. OpenCV `CLAHE`.
cimaging_status cimaging_clahe(const cimaging_pixels *source, const cimaging_pixels *destination, double clip_limit,
                               int32_t columns, int32_t rows, cimaging_message *message);

/// Channel i of the RGB destination is channel order[i] of the source.
cimaging_status cimaging_shuffle(const cimaging_pixels *source, const cimaging_pixels *destination,
                                 const int32_t *order, cimaging_message *message);

/// The destination becomes a channel of the RGB source.
cimaging_status cimaging_take_channel(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      int32_t channel, cimaging_message *message);

/// A channel of the RGB destination becomes the source; its others stay.
cimaging_status cimaging_put_channel(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t channel,
                                     cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
