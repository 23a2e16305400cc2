#ifndef CIMAGING_WEATHER_H
#define CIMAGING_WEATHER_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Maps the bytes inside a closed polygon of `count` corners (x and y of each) through a table of 256; where it crosses
/// itself, those within an odd number of turns. OpenCV `fillPoly`.
cimaging_status cimaging_shade_polygon(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const int32_t *corners, int32_t count, const uint8_t *table,
                                       cimaging_message *message);

/// Maps the bytes inside each of `count` discs (x, y, radius) through a table of 256, once for each disc that covers
/// them. The table may not darken. OpenCV `circle`, filled.
cimaging_status cimaging_cover_with_discs(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const int32_t *discs, size_t count, const uint8_t *table,
                                          cimaging_message *message);

typedef struct cimaging_rain {
  const int32_t *ends;  // x and y of both ends of each drop
  size_t count;
  int32_t thickness;  // of a drop in pixels
  int32_t blur;       // side of the box that blurs the drops, 1 ... 255
  uint8_t color[3];
  const uint8_t *wet;  // a table of 256 for everything, drops included
} cimaging_rain;

/// Adds blurred drops to an RGB image and maps all through a table. OpenCV `polylines` and `blur`.
cimaging_status cimaging_add_rain(const cimaging_pixels *source, const cimaging_pixels *destination,
                                  const cimaging_rain *rain, cimaging_message *message);

/// Columns left ..< right and rows top ..< bottom, and the lightness that they get.
typedef struct cimaging_lightness_patch {
  int32_t left, top, right, bottom;
  uint8_t lightness;
} cimaging_lightness_patch;

/// Maps the lightness of an RGB image in 8-bit HLS through a table of 256, or sets it in each of `count` patches, of
/// which the last one counts. OpenCV `cvtColor` between RGB and HLS.
cimaging_status cimaging_lookup_lightness(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const uint8_t *table, const cimaging_lightness_patch *patches, size_t count,
                                          cimaging_message *message);

typedef struct cimaging_snow {
  double amount;      // 0 ... 1
  double brightness;  // factor by which much snow brightens
} cimaging_snow;

/// Covers an RGB image with snow in 8-bit HSV: a texture of numbers about 0.5, softened by a Gaussian, less at the
/// bottom than at the top, and white where `glitter` is 255. Both have one value per pixel in row-major order. OpenCV
/// `GaussianBlur`, `cvtColor` between RGB and HSV, `addWeighted`.
cimaging_status cimaging_cover_with_snow(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         const cimaging_snow *snow, const double *texture, const uint8_t *glitter,
                                         cimaging_message *message);

/// The same with a texture and glitter drawn from a seed.
cimaging_status cimaging_draw_snow(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_snow *snow, uint64_t seed, cimaging_message *message);

typedef struct cimaging_flare_circle {
  double opacity;  // 0 ... 1
  int32_t x, y, radius;
  uint8_t color[3];
} cimaging_flare_circle;

/// Draws `count` discs one after the other on a copy of an RGB image, and blends the copy with the result by the
/// opacity of each. simsimd `wsum`, with products and sums of single precision rounded once.
cimaging_status cimaging_blend_discs(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const cimaging_flare_circle *circles, size_t count, cimaging_message *message);

typedef struct cimaging_rings {
  int32_t x, y;
  size_t count;
  const int32_t *radii;   // ascending
  const uint8_t *tables;  // three of 256 for each ring, for red, green and blue
} cimaging_rings;

/// Maps the bytes of an RGB image through the tables of the smallest of concentric discs that covers them.
cimaging_status cimaging_lookup_rings(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const cimaging_rings *rings, cimaging_message *message);

typedef struct cimaging_glare {
  int32_t x, y, radius;  // of the light
  uint8_t color[3];
  const cimaging_flare_circle *circles;
  size_t count;
} cimaging_glare;

/// Adds a blurred light with four spikes and circles to an RGB image by screen blending, fading with the distance, red
/// and blue blurred once more. Within a level of Albumentations, because the layer is rounded to bytes.
cimaging_status cimaging_add_glare(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_glare *glare, cimaging_message *message);

typedef struct cimaging_spatter {
  double sigma;      // of the blur that makes drops of the noise, in pixels
  double cutout;     // what of the blurred noise is dry
  double intensity;  // 0 ... 1
  uint8_t color[3];
  int32_t is_mud;  // which covers, rather than rain, which lights up
} cimaging_spatter;

typedef struct cimaging_spatter_noise {
  uint64_t seed;
  double mean, deviation;
} cimaging_spatter_noise;

/// Spatters an RGB image with drops made of a noise of one number per pixel in row-major order. OpenCV `GaussianBlur`;
/// for rain also `Canny`, `distanceTransform`, `equalizeHist` and `filter2D`.
cimaging_status cimaging_apply_spatter(const cimaging_pixels *source, const cimaging_pixels *destination,
                                       const cimaging_spatter *spatter, const double *noise, cimaging_message *message);

/// The same with a normal noise. Mud without any wet pixel gets a tenth of them at random.
cimaging_status cimaging_draw_spatter(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const cimaging_spatter *spatter, const cimaging_spatter_noise *noise,
                                      cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
