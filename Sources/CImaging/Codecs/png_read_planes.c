#include <string.h>

#include "Codecs/png_planes.h"
#include "Codecs/png_reader.h"

/// Chunks that say how to see pixels, not what they are.
static const png_byte appearance_chunks[] = "eXIf\0iCCP";

static void note_palette(cimaging_png_reader *reader, cimaging_png_layout *layout) {
  png_colorp colors;
  int count = 0;
  if (!png_get_PLTE(reader->png, reader->info, &colors, &count) || count < 1) {
    cimaging_png_leave(reader, CIMAGING_FAILED, "a palette is missing");
  }
  layout->color_count = count < 256 ? count : 256;
  for (int i = 0; i < layout->color_count; i++) {
    layout->colors[3 * i] = colors[i].red;
    layout->colors[3 * i + 1] = colors[i].green;
    layout->colors[3 * i + 2] = colors[i].blue;
  }
}

static void note_transparency(cimaging_png_reader *reader, cimaging_png_layout *layout) {
  png_bytep opacities = NULL;
  int count = 0;
  png_color_16p value = NULL;
  if (!png_get_tRNS(reader->png, reader->info, &opacities, &count, &value)) return;
  if (layout->is_indexed) {
    layout->opacity_count = count < layout->color_count ? count : layout->color_count;
    if (opacities != NULL && count > 0) memcpy(layout->opacities, opacities, (size_t)layout->opacity_count);
  } else if (value != NULL) {
    layout->has_clear_value = 1;
    const uint16_t color[3] = {value->red, value->green, value->blue}, grey[3] = {value->gray};
    memcpy(layout->clear_value, layout->channels == 3 ? color : grey, sizeof color);
  }
}

static void note_layout(cimaging_png_reader *reader, cimaging_png_layout *layout) {
  const int color_type = png_get_color_type(reader->png, reader->info);
  layout->bit_depth = png_get_bit_depth(reader->png, reader->info);
  layout->is_indexed = color_type == PNG_COLOR_TYPE_PALETTE;
  layout->channels = !layout->is_indexed && (color_type & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1;
  layout->has_alpha = (color_type & PNG_COLOR_MASK_ALPHA) != 0;
  if (layout->is_indexed) note_palette(reader, layout);
  note_transparency(reader, layout);
}

/// Makes libpng return a byte for each sample of up to 8 bits.
static void choose_rows(cimaging_png_reader *reader, cimaging_png_layout *layout) {
  png_set_packing(reader->png);
  reader->passes = png_set_interlace_handling(reader->png);
  reader->row_byte_count = cimaging_png_row_byte_count(layout);
  const size_t rows_kept = cimaging_png_is_plain(layout) ? 0 : reader->passes == 1 ? 1 : (size_t)layout->height;
  layout->scratch_count = reader->row_byte_count * rows_kept;
}

cimaging_status cimaging_png_read_layout(cimaging_png_reader *reader, const uint8_t *bytes, size_t count,
                                         cimaging_png_layout *layout, cimaging_message *message) {
  memset(layout, 0, sizeof *layout);
  cimaging_png_take(reader, bytes, count, message);
  if (setjmp(reader->failure) != 0) {
    cimaging_png_note_size(reader, &layout->width, &layout->height);
    return reader->status;
  }
  cimaging_png_prepare(reader);
  png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, appearance_chunks, sizeof appearance_chunks / 5);
  png_read_info(reader->png, reader->info);
  cimaging_png_note_size(reader, &layout->width, &layout->height);
  note_layout(reader, layout);
  choose_rows(reader, layout);
  return CIMAGING_OK;
}

/// Deals one row to the planes.
static void deal(const uint8_t *row, const cimaging_png_layout *layout, const cimaging_pixels *planes, int32_t y) {
  for (int plane = 0; plane < CIMAGING_PNG_PLANE_COUNT; plane++) {
    if (!cimaging_png_has_plane(layout, plane)) continue;
    const cimaging_png_strand strand = cimaging_png_strand_of(layout, plane);
    const uint8_t *pixel = row + strand.first;
    uint8_t *out = planes[plane].base + (size_t)y * planes[plane].row_stride;
    for (int32_t x = 0; x < layout->width; x++, pixel += strand.pixel) {
      for (int32_t channel = 0; channel < planes[plane].channels; channel++) {
        *out++ = pixel[(size_t)channel * strand.step];
      }
    }
  }
}

static void read_rows(cimaging_png_reader *reader, const cimaging_png_layout *layout, const cimaging_pixels *planes,
                      uint8_t *scratch) {
  const cimaging_pixels *color = &planes[CIMAGING_PNG_COLOR];
  const int is_plain = cimaging_png_is_plain(layout);
  // Each pass of an interlaced image adds pixels to every row, so all rows must be kept until the last pass.
  const size_t scratch_stride = reader->passes == 1 ? 0 : reader->row_byte_count;
  for (int pass = 0; pass < reader->passes; pass++) {
    for (int32_t y = 0; y < layout->height; y++) {
      uint8_t *row = is_plain ? color->base + (size_t)y * color->row_stride : scratch + (size_t)y * scratch_stride;
      png_read_row(reader->png, row, NULL);
      if (!is_plain && pass + 1 == reader->passes) deal(row, layout, planes, y);
    }
  }
}

cimaging_status cimaging_png_read_planes(cimaging_png_reader *reader, const cimaging_png_layout *layout,
                                         const cimaging_pixels *planes, uint8_t *scratch, cimaging_warnings *warnings,
                                         cimaging_message *message) {
  reader->message = message;
  if (setjmp(reader->failure) != 0) return reader->status;
  png_read_update_info(reader->png, reader->info);  // allocates rows, so not with the layout
  if (png_get_rowbytes(reader->png, reader->info) != reader->row_byte_count) {
    cimaging_png_leave(reader, CIMAGING_FAILED, "unexpected PNG layout");
  }
  read_rows(reader, layout, planes, scratch);
  png_read_end(reader->png, reader->info);
  *warnings = reader->warnings;
  return CIMAGING_OK;
}
