#ifndef CIMAGING_TIFF_READER_H
#define CIMAGING_TIFF_READER_H

#include <stddef.h>

#include "Codecs/tiff_library.h"
#include "include/cimaging_tiff.h"

/// How the samples of a TIFF image are stored, and what they mean.
typedef struct cimaging_tiff_layout {
  int32_t width;
  int32_t height;
  int32_t bits;           // of a sample, 1 to 16
  int32_t samples;        // of a pixel
  int32_t color_samples;  // those before the first extra one
  int32_t channels;       // of the result, without alpha
  int32_t has_alpha;      // the first extra sample
  int32_t is_premultiplied;
  int32_t is_inverted;     // 0 is white
  int32_t is_ink;          // cyan, magenta, yellow, black
  int32_t is_separate;     // a plane for each sample
  const uint16_t *map[3];  // red, green and blue of each index, or NULL
} cimaging_tiff_layout;

struct cimaging_tiff_reader {
  TIFF *tiff;
  cimaging_tiff_layout layout;
  const uint8_t *bytes;
  size_t count;
  size_t offset;
  size_t row_byte_count;    // of a row of an image in strips, or of a tile
  size_t block_byte_count;  // of a row or a tile
  uint32_t tile_width;      // 0: strips
  uint32_t tile_height;
  cimaging_message failure;  // the first that libtiff told
  cimaging_warnings warnings;
};

/// Fills the layout from the directory.
cimaging_status cimaging_tiff_read_layout(cimaging_tiff_reader *reader, cimaging_message *message);

/// Where the samples of a row go.
typedef struct cimaging_tiff_target {
  const cimaging_pixels *planes;
  int32_t is_deep;
  int32_t x, y;   // of the first pixel
  int32_t count;  // pixels
} cimaging_tiff_target;

/// Writes a row, or the one sample of it that a separate plane holds, as 8 or 16 bits.
void cimaging_tiff_put_row(const cimaging_tiff_layout *layout, const uint8_t *row, int32_t sample,
                           const cimaging_tiff_target *target);

/// Divides the colours of a row by their opacity.
void cimaging_tiff_divide_row(const cimaging_pixels *planes, int32_t is_deep, int32_t y);

#endif
