#include <stdio.h>
#include <string.h>
#include <webp/encode.h>

#include "include/cimaging_webp.h"

static int on_write(const uint8_t *bytes, size_t count, const WebPPicture *picture) {
  cimaging_output *output = picture->custom_ptr;
  if (!cimaging_output_reserve(output, output->count + count)) return 0;
  memcpy(output->base + output->count, bytes, count);
  output->count += count;
  return 1;
}

/// Blue in the lowest byte, then green, red and alpha.
static void fill(const WebPPicture *picture, const cimaging_pixels *color, const cimaging_pixels *alpha) {
  const int is_grey = color->channels == 1;
  for (int32_t y = 0; y < color->height; y++) {
    const uint8_t *pixel = color->base + (size_t)y * color->row_stride;
    const uint8_t *opacity = alpha == NULL ? NULL : alpha->base + (size_t)y * alpha->row_stride;
    uint32_t *out = picture->argb + (size_t)y * (size_t)picture->argb_stride;
    for (int32_t x = 0; x < color->width; x++, pixel += color->channels) {
      const uint32_t red = pixel[0], green = pixel[is_grey ? 0 : 1], blue = pixel[is_grey ? 0 : 2];
      out[x] = (opacity == NULL ? 255u : opacity[x]) << 24 | red << 16 | green << 8 | blue;
    }
  }
}

static cimaging_status status_of(WebPEncodingError error, cimaging_message *message) {
  switch (error) {
    case VP8_ENC_ERROR_OUT_OF_MEMORY:
    case VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY:
    case VP8_ENC_ERROR_BAD_WRITE: return CIMAGING_OUT_OF_MEMORY;
    case VP8_ENC_ERROR_BAD_DIMENSION:
      snprintf(message->text, sizeof message->text, "a WebP has at most %d pixels on a side", WEBP_MAX_DIMENSION);
      return CIMAGING_UNSUPPORTED;
    default: snprintf(message->text, sizeof message->text, "libwebp cannot write the image (error %d)", error);
  }
  return CIMAGING_FAILED;
}

static int configure(WebPConfig *config, const cimaging_webp_settings *settings) {
  if (!WebPConfigInit(config)) return 0;
  config->quality = (float)settings->quality;
  if (settings->is_lossless) {
    config->lossless = 1;
    config->quality = 70;  // effort, not quality: that of WebPEncodeLosslessRGBA
    config->exact = 1;     // colours of transparent pixels stay
  }
  return WebPValidateConfig(config);
}

cimaging_status cimaging_webp_write(const cimaging_pixels *color, const cimaging_pixels *alpha,
                                    const cimaging_webp_settings *settings, cimaging_output *output,
                                    cimaging_message *message) {
  WebPConfig config;
  WebPPicture picture;
  output->count = 0;
  if (!configure(&config, settings) || !WebPPictureInit(&picture)) {
    snprintf(message->text, sizeof message->text, "libwebp has another version");
    return CIMAGING_FAILED;
  }
  picture.width = color->width;
  picture.height = color->height;
  picture.use_argb = 1;
  picture.writer = on_write;
  picture.custom_ptr = output;
  if (picture.width > WEBP_MAX_DIMENSION || picture.height > WEBP_MAX_DIMENSION) {
    return status_of(VP8_ENC_ERROR_BAD_DIMENSION, message);
  }
  if (!WebPPictureAlloc(&picture)) return CIMAGING_OUT_OF_MEMORY;
  fill(&picture, color, alpha);
  const int is_written = WebPEncode(&config, &picture);
  WebPPictureFree(&picture);
  return is_written ? CIMAGING_OK : status_of(picture.error_code, message);
}
