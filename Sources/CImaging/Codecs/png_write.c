#include <stdlib.h>

#include "Codecs/png_palette.h"
#include "Codecs/png_writer.h"
#include "include/cimaging_png.h"

typedef struct image_writer {
  cimaging_png_writer file;
  uint8_t *indices;  // of the palette, a byte a pixel; NULL for an image without one
  cimaging_palette palette;
} image_writer;

static int color_type(const cimaging_pixels *color, const cimaging_pixels *alpha) {
  return (color->channels == 3 ? PNG_COLOR_MASK_COLOR : 0) | (alpha != NULL ? PNG_COLOR_MASK_ALPHA : 0);
}

/// Interleaves one row of colour and alpha.
static void join(uint8_t *row, const cimaging_pixels *color, const cimaging_pixels *alpha, int32_t y) {
  const uint8_t *color_in = color->base + (size_t)y * color->row_stride;
  const uint8_t *alpha_in = alpha->base + (size_t)y * alpha->row_stride;
  for (int32_t x = 0; x < color->width; x++) {
    for (int32_t channel = 0; channel < color->channels; channel++) *row++ = *color_in++;
    *row++ = *alpha_in++;
  }
}

static void write_rows(image_writer *writer, const cimaging_pixels *color, const cimaging_pixels *alpha) {
  if (alpha != NULL) writer->file.row = malloc((size_t)color->width * (size_t)(color->channels + 1));
  if (alpha != NULL && writer->file.row == NULL)
    cimaging_png_abandon(&writer->file, CIMAGING_OUT_OF_MEMORY, "out of memory");
  for (int32_t y = 0; y < color->height; y++) {
    if (alpha != NULL) join(writer->file.row, color, alpha, y);
    png_write_row(writer->file.png, alpha != NULL ? writer->file.row : color->base + (size_t)y * color->row_stride);
  }
}

/// Finds the palette of an image, if it has one. Grey images need none: their levels are indices already.
static void find_palette(image_writer *writer, const cimaging_pixels *color, const cimaging_pixels *alpha) {
  if (color->channels != 3) return;
  writer->indices = malloc((size_t)color->width * (size_t)color->height);
  if (writer->indices == NULL) cimaging_png_abandon(&writer->file, CIMAGING_OUT_OF_MEMORY, "out of memory");
  if (cimaging_palette_find(&writer->palette, color, alpha, writer->indices)) return;
  free(writer->indices);
  writer->indices = NULL;
}

/// Writes the opacity of the colours up to the last that is not opaque; of one at least, to show that there is alpha.
static void set_palette(image_writer *writer, int has_alpha) {
  png_color colors[CIMAGING_PALETTE_LIMIT];
  png_byte opacity[CIMAGING_PALETTE_LIMIT];
  int opacity_count = 1;
  for (int index = 0; index < writer->palette.count; index++) {
    const uint32_t color = writer->palette.colors[index];
    colors[index] = (png_color){(png_byte)color, (png_byte)(color >> 8), (png_byte)(color >> 16)};
    opacity[index] = (png_byte)(color >> 24);
    if (opacity[index] != 255) opacity_count = index + 1;
  }
  png_set_PLTE(writer->file.png, writer->file.info, colors, writer->palette.count);
  if (has_alpha) png_set_tRNS(writer->file.png, writer->file.info, opacity, opacity_count, NULL);
}

static void set_header(image_writer *writer, const cimaging_pixels *color, const cimaging_pixels *alpha) {
  const int is_indexed = writer->indices != NULL;
  const int bits = is_indexed ? cimaging_palette_bits(&writer->palette) : 8;
  png_set_IHDR(writer->file.png, writer->file.info, (png_uint_32)color->width, (png_uint_32)color->height, bits,
               is_indexed ? PNG_COLOR_TYPE_PALETTE : color_type(color, alpha), PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (is_indexed) set_palette(writer, alpha != NULL);
  (is_indexed ? cimaging_png_compress_indices : cimaging_png_compress_samples)(writer->file.png);
}

static void write_indices(image_writer *writer, const cimaging_pixels *color) {
  png_set_packing(writer->file.png);  // rows have a byte a pixel
  for (int32_t y = 0; y < color->height; y++) {
    png_write_row(writer->file.png, writer->indices + (size_t)y * (size_t)color->width);
  }
}

/// Separate from the function that owns `writer`, because `longjmp` may clobber local variables of the function that
/// calls `setjmp`.
static cimaging_status write_file(image_writer *writer, const cimaging_pixels *color, const cimaging_pixels *alpha,
                                  const cimaging_png_settings *settings) {
  if (setjmp(writer->file.failure) != 0) return writer->file.status;
  cimaging_png_start(&writer->file);
  if (settings->is_indexed) find_palette(writer, color, alpha);
  set_header(writer, color, alpha);
  cimaging_png_set_profile(&writer->file, settings->color_profile, settings->color_profile_count);
  png_write_info(writer->file.png, writer->file.info);
  if (writer->indices != NULL) {
    write_indices(writer, color);
  } else {
    write_rows(writer, color, alpha);
  }
  png_write_end(writer->file.png, writer->file.info);
  return CIMAGING_OK;
}

cimaging_status cimaging_png_write(const cimaging_pixels *color, const cimaging_pixels *alpha,
                                   const cimaging_png_settings *settings, cimaging_output *output,
                                   cimaging_message *message) {
  image_writer writer = {.file = {.message = message, .output = output}};
  output->count = 0;
  const cimaging_status status = write_file(&writer, color, alpha, settings);
  cimaging_png_finish(&writer.file);
  free(writer.indices);
  return status;
}
