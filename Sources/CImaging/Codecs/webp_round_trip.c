#include <stdio.h>
#include <stdlib.h>
#include <webp/decode.h>
#include <webp/encode.h>

#include "include/cimaging_compression.h"

static cimaging_status fail(cimaging_message *message, const char *text) {
  snprintf(message->text, sizeof message->text, "%s", text);
  return CIMAGING_FAILED;
}

static cimaging_status encode_and_decode(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         int32_t quality, cimaging_message *message) {
  uint8_t *file = NULL;
  const size_t count =
      WebPEncodeBGR(source->base, source->width, source->height, (int)source->row_stride, (float)quality, &file);
  if (count == 0) return fail(message, "libwebp cannot write the image");
  const size_t size = (size_t)(destination->height - 1) * destination->row_stride + 3 * (size_t)destination->width;
  const uint8_t *pixels = WebPDecodeBGRInto(file, count, destination->base, size, (int)destination->row_stride);
  WebPFree(file);
  return pixels == NULL ? fail(message, "libwebp cannot read the image") : CIMAGING_OK;
}

/// Each grey value as blue, green and red.
static void to_color(const cimaging_pixels *grey, const cimaging_pixels *color) {
  for (size_t y = 0; y < (size_t)grey->height; y++) {
    const uint8_t *from = grey->base + y * grey->row_stride;
    uint8_t *to = color->base + y * color->row_stride;
    for (size_t i = 0; i < 3 * (size_t)grey->width; i++) to[i] = from[i / 3];
  }
}

/// The weights of OpenCV's `cvtColor`: the three values of a decoded grey pixel may differ by one.
static void to_grey(const cimaging_pixels *color, const cimaging_pixels *grey) {
  for (size_t y = 0; y < (size_t)grey->height; y++) {
    const uint8_t *from = color->base + y * color->row_stride;
    uint8_t *to = grey->base + y * grey->row_stride;
    for (size_t x = 0; x < (size_t)grey->width; x++, from += 3) {
      to[x] = (uint8_t)((3735 * from[0] + 19235 * from[1] + 9798 * from[2] + (1 << 14)) >> 15);
    }
  }
}

static cimaging_status encode_and_decode_grey(const cimaging_pixels *source, const cimaging_pixels *destination,
                                              int32_t quality, cimaging_message *message) {
  cimaging_pixels color = *source;
  color.channels = 3;
  color.row_stride = 3 * (size_t)source->width;
  color.base = malloc(color.row_stride * (size_t)source->height);
  if (color.base == NULL) return CIMAGING_OUT_OF_MEMORY;
  to_color(source, &color);
  const cimaging_status status = encode_and_decode(&color, &color, quality, message);
  if (status == CIMAGING_OK) to_grey(&color, destination);
  free(color.base);
  return status;
}

cimaging_status cimaging_webp_round_trip(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         int32_t quality, cimaging_message *message) {
  if (source->width > WEBP_MAX_DIMENSION || source->height > WEBP_MAX_DIMENSION) {
    return fail(message, "the image is too large for WebP");
  }
  return source->channels == 1 ? encode_and_decode_grey(source, destination, quality, message)
                               : encode_and_decode(source, destination, quality, message);
}
