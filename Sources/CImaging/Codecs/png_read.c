#include <string.h>

#include "Codecs/png_reader.h"

/// Makes libpng return 8 bits per sample: grey, grey and alpha, RGB, or RGBA.
static void choose_colors(cimaging_png_reader *reader, cimaging_png_header *header) {
  const int color_type = png_get_color_type(reader->png, reader->info);
  const int has_transparent_color = png_get_valid(reader->png, reader->info, PNG_INFO_tRNS) != 0;
  if (color_type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(reader->png);
  if (color_type == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(reader->png);
  if (has_transparent_color) png_set_tRNS_to_alpha(reader->png);
  if (header->bit_depth == 16) png_set_scale_16(reader->png);  // rounds to the nearest 257th
  reader->passes = png_set_interlace_handling(reader->png);
  reader->has_alpha = (color_type & PNG_COLOR_MASK_ALPHA) != 0 || has_transparent_color;
  header->has_alpha = reader->has_alpha;
  header->channels = (color_type & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1;
  reader->row_byte_count = (size_t)header->width * (size_t)(header->channels + header->has_alpha);
  const size_t rows_kept = !reader->has_alpha ? 0 : reader->passes == 1 ? 1 : (size_t)header->height;
  header->scratch_count = reader->row_byte_count * rows_kept;
}

static void find_color_profile(cimaging_png_reader *reader, cimaging_png_header *header) {
  png_charp name;
  int compression;
  png_bytep profile;
  png_uint_32 count;
  if (!png_get_iCCP(reader->png, reader->info, &name, &compression, &profile, &count)) return;
  header->color_profile = profile;
  header->color_profile_count = count;
}

cimaging_status cimaging_png_read_header(cimaging_png_reader *reader, const uint8_t *bytes, size_t count,
                                         cimaging_png_header *header, cimaging_message *message) {
  memset(header, 0, sizeof *header);
  cimaging_png_take(reader, bytes, count, message);
  if (setjmp(reader->failure) != 0) {
    cimaging_png_note_size(reader, &header->width, &header->height);
    return reader->status;
  }
  cimaging_png_prepare(reader);
  png_read_info(reader->png, reader->info);
  cimaging_png_note_size(reader, &header->width, &header->height);
  header->bit_depth = png_get_bit_depth(reader->png, reader->info);
  find_color_profile(reader, header);
  choose_colors(reader, header);
  return CIMAGING_OK;
}

/// Splits one row of interleaved pixels into colour and alpha.
static void part(const uint8_t *row, const cimaging_pixels *color, const cimaging_pixels *alpha, int32_t y) {
  uint8_t *color_out = color->base + (size_t)y * color->row_stride;
  uint8_t *alpha_out = alpha->base + (size_t)y * alpha->row_stride;
  for (int32_t x = 0; x < color->width; x++) {
    for (int32_t channel = 0; channel < color->channels; channel++) *color_out++ = *row++;
    *alpha_out++ = *row++;
  }
}

static void read_rows(cimaging_png_reader *reader, const cimaging_pixels *color, const cimaging_pixels *alpha,
                      uint8_t *scratch) {
  // Each pass of an interlaced image adds pixels to every row, so all rows must be kept until the last pass.
  const size_t scratch_stride = reader->passes == 1 ? 0 : reader->row_byte_count;
  for (int pass = 0; pass < reader->passes; pass++) {
    for (int32_t y = 0; y < color->height; y++) {
      uint8_t *row =
          reader->has_alpha ? scratch + (size_t)y * scratch_stride : color->base + (size_t)y * color->row_stride;
      png_read_row(reader->png, row, NULL);
      if (reader->has_alpha && pass + 1 == reader->passes) part(row, color, alpha, y);
    }
  }
}

cimaging_status cimaging_png_read_pixels(cimaging_png_reader *reader, const cimaging_pixels *color,
                                         const cimaging_pixels *alpha, uint8_t *scratch, cimaging_warnings *warnings,
                                         cimaging_message *message) {
  reader->message = message;
  if (setjmp(reader->failure) != 0) return reader->status;
  png_read_update_info(reader->png, reader->info);  // allocates rows, so not with the header
  if (png_get_rowbytes(reader->png, reader->info) != reader->row_byte_count) {
    cimaging_png_leave(reader, CIMAGING_FAILED, "unexpected PNG layout");
  }
  read_rows(reader, color, alpha, scratch);
  png_read_end(reader->png, reader->info);
  *warnings = reader->warnings;
  return CIMAGING_OK;
}

const uint8_t *cimaging_png_exif(cimaging_png_reader *reader, size_t *count) {
  png_uint_32 byte_count = 0;
  png_bytep exif = NULL;
  if (!png_get_eXIf_1(reader->png, reader->info, &byte_count, &exif)) return NULL;
  *count = byte_count;
  return exif;
}
