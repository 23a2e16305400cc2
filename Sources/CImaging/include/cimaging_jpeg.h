#ifndef CIMAGING_JPEG_H
#define CIMAGING_JPEG_H

#include "cimaging_codec.h"

#ifdef __cplusplus
extern "C" {
#endif

/// One JPEG file being read. Made anew for each file: libjpeg keeps quantisation and Huffman tables from one file to
/// the next, so that a file without any would be decoded with those of whichever came before it.
typedef struct cimaging_jpeg_reader cimaging_jpeg_reader;

typedef struct cimaging_jpeg_header {
  int32_t width;     // set as soon as known, also where the call fails; 0 otherwise
  int32_t height;    // as width
  int32_t channels;  // of the pixels to come: 1 grey, 3 R, G, B
  int32_t sampling_across;  // values of brightness for each of a colour difference; 0 where there are none, or several
  int32_t sampling_down;
} cimaging_jpeg_header;

/// NULL where the machine refuses memory.
cimaging_jpeg_reader *cimaging_jpeg_open(void);

/// Frees the reader.
void cimaging_jpeg_close(cimaging_jpeg_reader *reader);

/// Reads up to the first scan; allocates nothing that grows with the image. `bytes` must stay until the pixels are read.
cimaging_status cimaging_jpeg_read_header(cimaging_jpeg_reader *reader, const uint8_t *bytes, size_t count,
                                          cimaging_jpeg_header *header, cimaging_message *message);

/// Has the pixels come at so many eighths of their size, 1 ... 8, which costs less than all of them; sets width and height
/// of the header to those to come. After the header, before the pixels.
cimaging_status cimaging_jpeg_shrink(cimaging_jpeg_reader *reader, int32_t eighths, cimaging_jpeg_header *header,
                                     cimaging_message *message);

/// Reads the pixels, as stored: any orientation is the caller's to apply. CIMAGING_TRUNCATED where the file ends before
/// its end-of-image marker; other damage that libjpeg decodes around is counted in `warnings`.
///
/// CMYK and YCCK become R = C × K / 255, rounded to nearest, and so on: values are inverted, as Adobe writes them. So read
/// Pillow, OpenCV and browsers them, with Adobe's marker or without.
///
/// `is_fast`: a less exact DCT, and colour differences repeated rather than interpolated.
cimaging_status cimaging_jpeg_read_pixels(cimaging_jpeg_reader *reader, const cimaging_pixels *pixels, int32_t is_fast,
                                          cimaging_warnings *warnings, cimaging_message *message);

/// How a JPEG is written.
typedef struct cimaging_jpeg_settings {
  int32_t quality;  // 1 ... 100
  int32_t is_fast;  // a less exact DCT
  int32_t sampling_across;  // values of brightness for each of a colour difference: 1, 2 or 4
  int32_t sampling_down;    // 1 or 2
} cimaging_jpeg_settings;

/// Writes a baseline JPEG: integer DCT, standard Huffman tables. An empty `color_profile` is left out.
cimaging_status cimaging_jpeg_write(const cimaging_pixels *pixels, const cimaging_jpeg_settings *settings,
                                    const uint8_t *color_profile, size_t color_profile_count, cimaging_output *output,
                                    cimaging_message *message);

/// Mirrors or turns a JPEG by its coefficients, without loss and without its metadata: what EXIF's orientation brings
/// upright. CIMAGING_UNSUPPORTED where blocks at the edge forbid it, where the file is damaged or CMYK.
cimaging_status cimaging_jpeg_turn(const uint8_t *bytes, size_t count, int32_t orientation, cimaging_output *output);

#ifdef __cplusplus
}
#endif
#endif
