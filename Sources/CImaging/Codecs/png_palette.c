#include "Codecs/png_palette.h"

#include <string.h>

/// Returns the index of a colour, which is added if it is new; -1 if there is no more room.
static int index_of(cimaging_palette *palette, uint32_t color) {
  // The high bits of a product with an odd number depend on all bits of the colour (Fibonacci hashing).
  uint32_t place = color * 0x9E3779B1u >> 22;
  while (palette->indices[place] != 0) {
    const int index = palette->indices[place] - 1;
    if (palette->colors[index] == color) return index;
    place = (place + 1) % CIMAGING_PALETTE_PLACES;
  }
  if (palette->count == CIMAGING_PALETTE_LIMIT) return -1;
  palette->colors[palette->count] = color;
  palette->indices[place] = (uint16_t)++palette->count;
  return palette->count - 1;
}

int cimaging_palette_find(cimaging_palette *palette, const cimaging_pixels *color, const cimaging_pixels *alpha,
                          uint8_t *indices) {
  memset(palette, 0, sizeof *palette);
  uint32_t last_color = 0;
  int last_index = -1;
  for (int32_t y = 0; y < color->height; y++) {
    const uint8_t *pixel = color->base + (size_t)y * color->row_stride;
    const uint8_t *opacity = alpha == NULL ? NULL : alpha->base + (size_t)y * alpha->row_stride;
    for (int32_t x = 0; x < color->width; x++, pixel += 3) {
      const uint32_t value = (uint32_t)pixel[0] | (uint32_t)pixel[1] << 8 | (uint32_t)pixel[2] << 16 |
                             (uint32_t)(opacity == NULL ? 255 : opacity[x]) << 24;
      if (value != last_color || last_index < 0) last_index = index_of(palette, value);
      if (last_index < 0) return 0;
      last_color = value;
      *indices++ = (uint8_t)last_index;
    }
  }
  return 1;
}

int cimaging_palette_bits(const cimaging_palette *palette) {
  if (palette->count <= 2) return 1;
  if (palette->count <= 4) return 2;
  return palette->count <= 16 ? 4 : 8;
}
