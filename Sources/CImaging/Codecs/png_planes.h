#ifndef CIMAGING_PNG_PLANES_INTERNAL_H
#define CIMAGING_PNG_PLANES_INTERNAL_H

#include "include/cimaging_png_planes.h"

/// Where the bytes of a plane lie in a row of libpng's, in which all samples of a pixel follow each other, high bytes
/// first.
typedef struct cimaging_png_strand {
  size_t first;  // byte of a pixel
  size_t step;   // from one channel to the next
  size_t pixel;  // from one pixel to the next
} cimaging_png_strand;

/// Whether a layout has this plane.
static inline int cimaging_png_has_plane(const cimaging_png_layout *layout, int plane) {
  const int is_low = plane == CIMAGING_PNG_COLOR_LOW || plane == CIMAGING_PNG_ALPHA_LOW;
  return (!is_low || layout->bit_depth == 16) && (plane < CIMAGING_PNG_ALPHA || layout->has_alpha);
}

static inline cimaging_png_strand cimaging_png_strand_of(const cimaging_png_layout *layout, int plane) {
  const size_t step = layout->bit_depth == 16 ? 2 : 1, channels = (size_t)layout->channels;
  const size_t low = plane == CIMAGING_PNG_COLOR_LOW || plane == CIMAGING_PNG_ALPHA_LOW ? 1 : 0;
  return (cimaging_png_strand){.first = (plane < CIMAGING_PNG_ALPHA ? 0 : channels * step) + low,
                               .step = step,
                               .pixel = (channels + (layout->has_alpha ? 1 : 0)) * step};
}

/// Bytes of a row of libpng's.
static inline size_t cimaging_png_row_byte_count(const cimaging_png_layout *layout) {
  return (size_t)layout->width * cimaging_png_strand_of(layout, CIMAGING_PNG_COLOR).pixel;
}

/// Whether a row of libpng's is a row of the only plane.
static inline int cimaging_png_is_plain(const cimaging_png_layout *layout) {
  return layout->bit_depth < 16 && !layout->has_alpha;
}

#endif
