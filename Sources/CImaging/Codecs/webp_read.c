#include <stdio.h>
#include <string.h>
#include <webp/decode.h>

#include "include/cimaging_webp.h"

static cimaging_status fail(cimaging_message *message, cimaging_status status, const char *text) {
  snprintf(message->text, sizeof message->text, "%s", text);
  return status;
}

/// The decoder has codes in place of sentences.
static cimaging_status status_of(VP8StatusCode code, cimaging_message *message) {
  switch (code) {
    case VP8_STATUS_OK: return CIMAGING_OK;
    case VP8_STATUS_OUT_OF_MEMORY: return fail(message, CIMAGING_OUT_OF_MEMORY, "out of memory");
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA:
      return fail(message, CIMAGING_TRUNCATED, "the WebP file ends before its image does");
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return fail(message, CIMAGING_UNSUPPORTED, "a WebP image of a kind that libwebp does not read");
    default: return fail(message, CIMAGING_FAILED, "libwebp cannot read the image");
  }
}

cimaging_status cimaging_webp_read_header(const uint8_t *bytes, size_t count, cimaging_webp_header *header,
                                          cimaging_message *message) {
  WebPBitstreamFeatures features;
  memset(header, 0, sizeof *header);
  const VP8StatusCode code = WebPGetFeatures(bytes, count, &features);
  if (code != VP8_STATUS_OK) return status_of(code, message);
  *header = (cimaging_webp_header){.width = features.width,
                                   .height = features.height,
                                   .has_alpha = features.has_alpha,
                                   .is_lossless = features.format == 2};
  return CIMAGING_OK;
}

static void part(const uint8_t *pixels, const cimaging_pixels *color, const cimaging_pixels *alpha) {
  for (int32_t y = 0; y < color->height; y++) {
    uint8_t *color_out = color->base + (size_t)y * color->row_stride;
    uint8_t *alpha_out = alpha->base + (size_t)y * alpha->row_stride;
    for (int32_t x = 0; x < color->width; x++, pixels += 4) {
      memcpy(color_out + 3 * (size_t)x, pixels, 3);
      alpha_out[x] = pixels[3];
    }
  }
}

cimaging_status cimaging_webp_read_pixels(const uint8_t *bytes, size_t count, const cimaging_pixels *color,
                                          const cimaging_pixels *alpha, uint8_t *scratch, cimaging_message *message) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return fail(message, CIMAGING_FAILED, "libwebp has another version");
  const size_t width = (size_t)color->width, rows_above = (size_t)color->height - 1;
  const size_t stride = alpha == NULL ? color->row_stride : 4 * width;
  config.output.colorspace = alpha == NULL ? MODE_RGB : MODE_RGBA;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = alpha == NULL ? color->base : scratch;
  config.output.u.RGBA.stride = (int)stride;
  config.output.u.RGBA.size = rows_above * stride + (alpha == NULL ? 3 : 4) * width;
  const VP8StatusCode code = WebPDecode(bytes, count, &config);
  if (code != VP8_STATUS_OK) return status_of(code, message);
  if (alpha != NULL) part(scratch, color, alpha);
  return CIMAGING_OK;
}
