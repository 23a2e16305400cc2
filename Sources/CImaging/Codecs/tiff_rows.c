#include <string.h>

#include "Codecs/tiff_reader.h"

/// A sample of a row; those of other than 8 and 16 bits follow each other from the highest bit.
static uint32_t sample_at(const uint8_t *row, size_t index, int32_t bits) {
  if (bits == 8) return row[index];
  if (bits == 16) {
    uint16_t sample;
    memcpy(&sample, row + 2 * index, 2);
    return sample;
  }
  uint32_t sample = 0;
  for (size_t bit = index * (size_t)bits; bit < (index + 1) * (size_t)bits; bit++) {
    sample = sample << 1 | (row[bit / 8] >> (7 - bit % 8) & 1);
  }
  return sample;
}

/// To 8 or 16 bits, rounded to nearest.
static uint32_t scaled(uint32_t sample, int32_t bits, int32_t is_deep) {
  const uint64_t largest = (1u << bits) - 1, full = is_deep ? 65535 : 255;
  return largest == full ? sample : (uint32_t)((sample * full + largest / 2) / largest);
}

/// Writes a sample of a pixel to a plane and, with 16 bits, to that of the low bytes behind it.
static void store(const cimaging_tiff_target *target, int plane, int32_t x, int32_t channel, uint32_t value) {
  const cimaging_pixels *high = &target->planes[plane], *low = high + 1;
  const size_t place = (size_t)target->y * high->row_stride + (size_t)(x * high->channels + channel);
  high->base[place] = (uint8_t)(target->is_deep ? value >> 8 : value);
  if (target->is_deep) low->base[place] = (uint8_t)value;
}

/// (full - a)(full - b) / full, rounded to nearest: the light that two inks let through.
static uint32_t light(uint32_t a, uint32_t b, uint32_t full) {
  return (uint32_t)(((uint64_t)(full - a) * (full - b) + full / 2) / full);
}

static void put_inks(const cimaging_tiff_layout *layout, const uint8_t *row, const cimaging_tiff_target *target,
                     int32_t pixel) {
  const uint32_t full = target->is_deep ? 65535 : 255;
  const size_t first = (size_t)pixel * (size_t)layout->samples;
  const uint32_t black = scaled(sample_at(row, first + 3, layout->bits), layout->bits, target->is_deep);
  for (int32_t channel = 0; channel < 3; channel++) {
    const uint32_t ink = scaled(sample_at(row, first + (size_t)channel, layout->bits), layout->bits, target->is_deep);
    store(target, CIMAGING_TIFF_COLOR, target->x + pixel, channel, light(ink, black, full));
  }
}

static void put_index(const cimaging_tiff_layout *layout, const cimaging_tiff_target *target, int32_t pixel,
                      uint32_t index) {
  for (int32_t channel = 0; channel < 3; channel++) {
    const uint32_t value = layout->map[channel][index];
    store(target, CIMAGING_TIFF_COLOR, target->x + pixel, channel, target->is_deep ? value : value >> 8);
  }
}

static void put_sample(const cimaging_tiff_layout *layout, const cimaging_tiff_target *target, int32_t pixel,
                       int32_t sample, uint32_t stored) {
  if (sample < layout->color_samples && layout->map[0] != NULL) {
    put_index(layout, target, pixel, stored);
  } else if (sample < layout->color_samples) {
    const uint32_t value = layout->is_inverted ? (1u << layout->bits) - 1 - stored : stored;
    store(target, CIMAGING_TIFF_COLOR, target->x + pixel, sample, scaled(value, layout->bits, target->is_deep));
  } else {
    store(target, CIMAGING_TIFF_ALPHA, target->x + pixel, 0, scaled(stored, layout->bits, target->is_deep));
  }
}

/// The usual row: grey or colours of 8 bits, to be kept.
static void put_bytes(const cimaging_tiff_layout *layout, const uint8_t *row, const cimaging_tiff_target *target) {
  const cimaging_pixels *color = &target->planes[CIMAGING_TIFF_COLOR], *alpha = &target->planes[CIMAGING_TIFF_ALPHA];
  const size_t channels = (size_t)layout->channels;
  uint8_t *color_out = color->base + (size_t)target->y * color->row_stride + (size_t)target->x * channels;
  uint8_t *alpha_out =
      layout->has_alpha ? alpha->base + (size_t)target->y * alpha->row_stride + (size_t)target->x : NULL;
  for (int32_t pixel = 0; pixel < target->count; pixel++, row += layout->samples) {
    for (size_t channel = 0; channel < channels; channel++) *color_out++ = row[channel];
    if (alpha_out != NULL) *alpha_out++ = row[channels];
  }
}

void cimaging_tiff_put_row(const cimaging_tiff_layout *layout, const uint8_t *row, int32_t sample,
                           const cimaging_tiff_target *target) {
  const int32_t used = layout->color_samples + layout->has_alpha;
  const int is_plain = layout->bits == 8 && !target->is_deep && !layout->is_separate && !layout->is_inverted;
  if (is_plain && !layout->is_ink && layout->map[0] == NULL) return put_bytes(layout, row, target);
  for (int32_t pixel = 0; pixel < target->count; pixel++) {
    if (layout->is_separate) {
      put_sample(layout, target, pixel, sample, sample_at(row, (size_t)pixel, layout->bits));
      continue;
    }
    if (layout->is_ink) put_inks(layout, row, target, pixel);
    for (int32_t index = layout->is_ink ? layout->color_samples : 0; index < used; index++) {
      const size_t place = (size_t)pixel * (size_t)layout->samples + (size_t)index;
      put_sample(layout, target, pixel, index, sample_at(row, place, layout->bits));
    }
  }
}

void cimaging_tiff_divide_row(const cimaging_pixels *planes, int32_t is_deep, int32_t y) {
  const cimaging_pixels *color = &planes[CIMAGING_TIFF_COLOR], *alpha = &planes[CIMAGING_TIFF_ALPHA];
  const uint32_t full = is_deep ? 65535 : 255;
  cimaging_tiff_target target = {.planes = planes, .is_deep = is_deep, .y = y};
  for (int32_t x = 0; x < color->width; x++) {
    const size_t place = (size_t)y * alpha->row_stride + (size_t)x;
    const uint32_t opacity = is_deep ? (uint32_t)alpha->base[place] << 8 | alpha[1].base[place] : alpha->base[place];
    if (opacity == 0) continue;
    for (int32_t channel = 0; channel < color->channels; channel++) {
      const size_t at = (size_t)y * color->row_stride + (size_t)(x * color->channels + channel);
      const uint32_t value = is_deep ? (uint32_t)color->base[at] << 8 | color[1].base[at] : color->base[at];
      const uint64_t divided = (uint64_t)value * full / opacity;
      store(&target, CIMAGING_TIFF_COLOR, x, channel, (uint32_t)(divided < full ? divided : full));
    }
  }
}
