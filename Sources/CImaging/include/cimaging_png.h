#ifndef CIMAGING_PNG_H
#define CIMAGING_PNG_H

#include "cimaging_codec.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Reader of one PNG file.
typedef struct cimaging_png_reader cimaging_png_reader;

typedef struct cimaging_png_header {
  int32_t width;                 // set once known, even if the call fails; otherwise 0
  int32_t height;                // as width
  int32_t channels;              // without alpha: 1 grey, 3 R, G, B
  int32_t has_alpha;             // 1 if there is an alpha channel or a transparent colour
  int32_t bit_depth;             // of a sample or an index in the file
  size_t scratch_count;          // bytes of scratch memory for reading the pixels
  const uint8_t *color_profile;  // ICC, or NULL; valid until the reader is closed
  size_t color_profile_count;
} cimaging_png_header;

/// NULL if out of memory.
cimaging_png_reader *cimaging_png_open(void);

/// Frees the reader.
void cimaging_png_close(cimaging_png_reader *reader);

/// Reads up to the first pixels; allocates nothing proportional to the image. `bytes` must stay valid until the pixels
/// are read.
cimaging_status cimaging_png_read_header(cimaging_png_reader *reader, const uint8_t *bytes, size_t count,
                                         cimaging_png_header *header, cimaging_message *message);

/// Reads the pixels as stored, and the file to its end. `alpha` is NULL if the header has none. Palettes become R, G,
/// B; 1, 2 and 4 bits become 8, and 16 bits too, rounded to nearest.
cimaging_status cimaging_png_read_pixels(cimaging_png_reader *reader, const cimaging_pixels *color,
                                         const cimaging_pixels *alpha, uint8_t *scratch, cimaging_warnings *warnings,
                                         cimaging_message *message);

/// The EXIF chunk, or NULL. It may follow the pixels, so call this after reading them.
const uint8_t *cimaging_png_exif(cimaging_png_reader *reader, size_t *count);

typedef struct cimaging_png_settings {
  const uint8_t *color_profile;  // ICC; omitted if empty
  size_t color_profile_count;
  int32_t is_indexed;  // 1: with a palette, if a colour image has at most 256 colours, each with its opacity
} cimaging_png_settings;

/// Writes a PNG; `alpha` may be NULL. With a palette: 1, 2, 4 or 8 bits, the colours in the order of their first
/// pixels, zlib level 4, no filter. Otherwise: 8 bits, zlib level 1, run-length strategy, SUB filter.
cimaging_status cimaging_png_write(const cimaging_pixels *color, const cimaging_pixels *alpha,
                                   const cimaging_png_settings *settings, cimaging_output *output,
                                   cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
