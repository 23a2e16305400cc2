#ifndef CIMAGING_PNG_PLANES_H
#define CIMAGING_PNG_PLANES_H

#include "cimaging_png.h"

#ifdef __cplusplus
extern "C" {
#endif

// PNG files whose values are kept as they are stored: palette indices stay indices, and no bit depth changes.

/// How a PNG file stores its pixels.
typedef struct cimaging_png_layout {
  int32_t width;          // set once known, even if reading fails; otherwise 0
  int32_t height;         // as width
  int32_t bit_depth;      // of a sample or an index: 1, 2, 4, 8 or 16
  int32_t is_indexed;     // 1 if pixels are indices of a palette
  int32_t channels;       // without alpha: 1 index or grey, 3 R, G, B
  int32_t has_alpha;      // 1 if there is an alpha channel
  int32_t color_count;    // of the palette
  int32_t opacity_count;  // of the palette's first colours; the others are opaque
  uint8_t colors[3 * 256];
  uint8_t opacities[256];
  int32_t has_clear_value;  // 1 if a level of grey, or a colour, is transparent
  uint16_t clear_value[3];
  size_t scratch_count;  // bytes of scratch memory for reading the pixels
} cimaging_png_layout;

/// The planes of an image, one after another. Samples of 16 bits have a plane for their high and one for their low
/// bytes; planes that a layout does not have are never looked at.
enum {
  CIMAGING_PNG_COLOR = 0,      // indices, grey, or R, G, B: a byte for each, whatever the bit depth
  CIMAGING_PNG_COLOR_LOW = 1,  // of 16 bits
  CIMAGING_PNG_ALPHA = 2,
  CIMAGING_PNG_ALPHA_LOW = 3,
  CIMAGING_PNG_PLANE_COUNT = 4,
};

/// Reads up to the first pixels; allocates nothing proportional to the image. `bytes` must stay valid until the pixels
/// are read.
cimaging_status cimaging_png_read_layout(cimaging_png_reader *reader, const uint8_t *bytes, size_t count,
                                         cimaging_png_layout *layout, cimaging_message *message);

/// Reads the pixels into planes of the layout's size and channels, and the file to its end.
cimaging_status cimaging_png_read_planes(cimaging_png_reader *reader, const cimaging_png_layout *layout,
                                         const cimaging_pixels *planes, uint8_t *scratch, cimaging_warnings *warnings,
                                         cimaging_message *message);

/// Writes planes as a PNG of that layout, not interlaced. Without settings they are a mask: zlib level 4, no filter;
/// else a picture, compressed as `cimaging_png_write` does.
cimaging_status cimaging_png_write_planes(const cimaging_png_layout *layout, const cimaging_pixels *planes,
                                          const cimaging_png_settings *settings, cimaging_output *output,
                                          cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
