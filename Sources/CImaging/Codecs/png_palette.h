#ifndef CIMAGING_PNG_PALETTE_H
#define CIMAGING_PNG_PALETTE_H

#include "include/cimaging_core.h"

enum {
  CIMAGING_PALETTE_LIMIT = 256,
  CIMAGING_PALETTE_PLACES = 1024,  // a power of two, sparse enough for short searches
};

/// The colours of an image in the order of their first pixels, found by hash: R | G << 8 | B << 16 | alpha << 24.
typedef struct cimaging_palette {
  int count;
  uint32_t colors[CIMAGING_PALETTE_LIMIT];
  uint16_t indices[CIMAGING_PALETTE_PLACES];  // of the color in a place plus 1; 0 where there is none
} cimaging_palette;

/// Finds the colours of an image with three channels, and writes the index of each pixel's colour to `indices`.
/// `alpha` may be NULL: opaque. Returns 0 if there are more than 256.
int cimaging_palette_find(cimaging_palette *palette, const cimaging_pixels *color, const cimaging_pixels *alpha,
                          uint8_t *indices);

/// Bits that an index of a PNG needs: 1, 2, 4 or 8.
int cimaging_palette_bits(const cimaging_palette *palette);

#endif
