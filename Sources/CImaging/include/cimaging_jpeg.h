#ifndef CIMAGING_JPEG_H
#define CIMAGING_JPEG_H

#include "cimaging_codec.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Reader of one JPEG file. Not reused: libjpeg keeps quantisation and Huffman tables across files, so a file without
/// tables would be decoded with those of the previous file.
typedef struct cimaging_jpeg_reader cimaging_jpeg_reader;

typedef struct cimaging_jpeg_header {
  int32_t width;            // set once known, even if the call fails; otherwise 0
  int32_t height;           // as width
  int32_t channels;         // of the decoded pixels: 1 grey, 3 R, G, B
  int32_t sampling_across;  // luma samples per chroma sample; 0 if no chroma or no single whole factor
  int32_t sampling_down;
} cimaging_jpeg_header;

/// NULL if out of memory.
cimaging_jpeg_reader *cimaging_jpeg_open(void);

/// Frees the reader.
void cimaging_jpeg_close(cimaging_jpeg_reader *reader);

/// Reads up to the first scan; allocates nothing proportional to the image. `bytes` must stay valid until the pixels
/// are read.
cimaging_status cimaging_jpeg_read_header(cimaging_jpeg_reader *reader, const uint8_t *bytes, size_t count,
                                          cimaging_jpeg_header *header, cimaging_message *message);

/// Decodes at `eighths` / 8 of the size, 1 ... 8, which is cheaper than full size. Sets width and height of the header
/// to the scaled size. Call after the header and before the pixels.
cimaging_status cimaging_jpeg_shrink(cimaging_jpeg_reader *reader, int32_t eighths, cimaging_jpeg_header *header,
                                     cimaging_message *message);

/// Has colours read as B, G, R. Call after the header and before the pixels.
void cimaging_jpeg_exchange(cimaging_jpeg_reader *reader);

/// Reads the pixels as stored; the caller applies any EXIF orientation. CIMAGING_TRUNCATED if the file ends before its
/// end-of-image marker; other damage that libjpeg decodes around is counted in `warnings`.
///
/// CMYK and YCCK become R = C × K / 255, rounded to nearest, and likewise G and B: values are inverted, as Adobe writes
/// them. Pillow, OpenCV and browsers do the same, with or without Adobe's marker.
///
/// `is_fast`: a less accurate DCT, and chroma replicated rather than interpolated.
cimaging_status cimaging_jpeg_read_pixels(cimaging_jpeg_reader *reader, const cimaging_pixels *pixels, int32_t is_fast,
                                          cimaging_warnings *warnings, cimaging_message *message);

typedef struct cimaging_jpeg_settings {
  int32_t quality;          // 1 ... 100
  int32_t is_fast;          // a less accurate DCT
  int32_t sampling_across;  // luma samples per chroma sample: 1, 2 or 4
  int32_t sampling_down;    // 1 or 2
  int32_t is_exchanged;     // the pixels are B, G, R
} cimaging_jpeg_settings;

/// Writes a baseline JPEG with integer DCT and standard Huffman tables. An empty `color_profile` is omitted.
cimaging_status cimaging_jpeg_write(const cimaging_pixels *pixels, const cimaging_jpeg_settings *settings,
                                    const uint8_t *color_profile, size_t color_profile_count, cimaging_output *output,
                                    cimaging_message *message);

/// Losslessly transforms a JPEG in the coefficient domain so that EXIF `orientation` becomes upright; drops metadata.
/// CIMAGING_UNSUPPORTED if partial blocks at the edge prevent it, or if the file is damaged or CMYK.
cimaging_status cimaging_jpeg_transform(const uint8_t *bytes, size_t count, int32_t orientation,
                                        cimaging_output *output);

#ifdef __cplusplus
}
#endif
#endif
