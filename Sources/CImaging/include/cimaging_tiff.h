#ifndef CIMAGING_TIFF_H
#define CIMAGING_TIFF_H

#include "cimaging_codec.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Reader of the first image of a TIFF file, by libtiff, which is loaded by the first that is opened.
typedef struct cimaging_tiff_reader cimaging_tiff_reader;

typedef struct cimaging_tiff_header {
  int32_t width;         // set once known, even if the call fails; otherwise 0
  int32_t height;        // as width
  int32_t channels;      // without alpha: 1 grey, 3 R, G, B
  int32_t has_alpha;     // 1 if there is an alpha channel
  int32_t bit_depth;     // of a sample or an index: 1 to 16
  int32_t orientation;   // 1 to 8, as in EXIF
  size_t scratch_count;  // bytes of scratch memory for reading the pixels
} cimaging_tiff_header;

/// Loads libtiff, unless it is loaded.
cimaging_status cimaging_tiff_load(cimaging_message *message);

/// NULL if out of memory.
cimaging_tiff_reader *cimaging_tiff_open(void);

/// Frees the reader.
void cimaging_tiff_close(cimaging_tiff_reader *reader);

/// Reads the first directory; allocates nothing proportional to the image. `bytes` must stay valid until the reader is
/// closed.
cimaging_status cimaging_tiff_read_header(cimaging_tiff_reader *reader, const uint8_t *bytes, size_t count,
                                          cimaging_tiff_header *header, cimaging_message *message);

/// The planes of an image, one after another. Samples of 16 bits have a plane for their high and one for their low
/// bytes; of 8 bits, the planes for low bytes are never looked at.
enum {
  CIMAGING_TIFF_COLOR = 0,
  CIMAGING_TIFF_COLOR_LOW = 1,
  CIMAGING_TIFF_ALPHA = 2,
  CIMAGING_TIFF_ALPHA_LOW = 3,
  CIMAGING_TIFF_PLANE_COUNT = 4,
};

/// Reads the pixels as stored into planes of the header's size, those of alpha only if it has any. Palettes and inks
/// become R, G, B; samples are scaled to 8 bits, or with `is_deep` to 16, and rounded to nearest.
cimaging_status cimaging_tiff_read_pixels(cimaging_tiff_reader *reader, const cimaging_pixels *planes, int32_t is_deep,
                                          uint8_t *scratch, cimaging_warnings *warnings, cimaging_message *message);

typedef struct cimaging_tiff_settings {
  int32_t is_deep;    // 16 bits a sample, else 8
  int32_t has_alpha;  // unassociated, behind the colours
} cimaging_tiff_settings;

/// Appends rows to `output` as one strip: the samples of a pixel together, little-endian, each less that to its left,
/// deflated at level 1.
cimaging_status cimaging_tiff_write_strip(const cimaging_pixels *planes, const cimaging_tiff_settings *settings,
                                          int32_t first_row, int32_t row_count, cimaging_output *output,
                                          cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
