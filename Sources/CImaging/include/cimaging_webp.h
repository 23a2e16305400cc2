#ifndef CIMAGING_WEBP_H
#define CIMAGING_WEBP_H

#include "cimaging_codec.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What the data of a WebP image say about it; a file, or a frame of one without its container.
typedef struct cimaging_webp_header {
  int32_t width;
  int32_t height;
  int32_t has_alpha;
  int32_t is_lossless;
} cimaging_webp_header;

/// Reads the header of an image that is not animated. Allocates nothing.
cimaging_status cimaging_webp_read_header(const uint8_t *bytes, size_t count, cimaging_webp_header *header,
                                          cimaging_message *message);

/// Reads the pixels into planes of the header's size, which may be parts of larger ones. `color` is R, G, B; `alpha`
/// may be NULL, else `scratch` has 4 bytes for each pixel. One thread.
cimaging_status cimaging_webp_read_pixels(const uint8_t *bytes, size_t count, const cimaging_pixels *color,
                                          const cimaging_pixels *alpha, uint8_t *scratch, cimaging_message *message);

typedef struct cimaging_webp_settings {
  int32_t quality;  // 1 to 100, of lossy files
  int32_t is_lossless;
} cimaging_webp_settings;

/// Writes a WebP without metadata; `alpha` may be NULL, and is always lossless. One thread.
cimaging_status cimaging_webp_write(const cimaging_pixels *color, const cimaging_pixels *alpha,
                                    const cimaging_webp_settings *settings, cimaging_output *output,
                                    cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
