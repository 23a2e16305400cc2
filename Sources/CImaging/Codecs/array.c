#include <zlib.h>

#include "include/cimaging_array.h"

// Where the values of a pixel go: `step` from one pixel to the next, `plane` from one channel to the next.
static void steps(const cimaging_pixels *pixels, int32_t is_channels_first, size_t *step, size_t *plane) {
  *step = is_channels_first ? 1 : (size_t)pixels->channels;
  *plane = is_channels_first ? (size_t)pixels->width * (size_t)pixels->height : 1;
}

void cimaging_array_floats(const cimaging_pixels *pixels, const float *tables, int32_t is_channels_first,
                           float *values) {
  const size_t channels = (size_t)pixels->channels, width = (size_t)pixels->width;
  size_t step, plane;
  steps(pixels, is_channels_first, &step, &plane);
  for (size_t y = 0; y < (size_t)pixels->height; ++y) {
    const uint8_t *row = pixels->base + y * pixels->row_stride;
    for (size_t channel = 0; channel < channels; ++channel) {
      const float *table = tables + 256 * channel;
      float *out = values + y * width * step + channel * plane;
      for (size_t x = 0; x < width; ++x) out[x * step] = table[row[x * channels + channel]];
    }
  }
}

void cimaging_array_bytes(const cimaging_pixels *pixels, int32_t is_channels_first, uint8_t *values) {
  const size_t channels = (size_t)pixels->channels, width = (size_t)pixels->width;
  size_t step, plane;
  steps(pixels, is_channels_first, &step, &plane);
  for (size_t y = 0; y < (size_t)pixels->height; ++y) {
    const uint8_t *row = pixels->base + y * pixels->row_stride;
    for (size_t channel = 0; channel < channels; ++channel) {
      uint8_t *out = values + y * width * step + channel * plane;
      for (size_t x = 0; x < width; ++x) out[x * step] = row[x * channels + channel];
    }
  }
}

uint32_t cimaging_checksum(const uint8_t *bytes, size_t count) {
  uLong checksum = crc32(0, NULL, 0);
  while (count > 0) {
    const uInt part = count > (1u << 30) ? 1u << 30 : (uInt)count;
    checksum = crc32(checksum, bytes, part);
    bytes += part;
    count -= part;
  }
  return (uint32_t)checksum;
}
