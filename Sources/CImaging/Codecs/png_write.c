#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "Codecs/png_palette.h"
#include "include/cimaging_png.h"

typedef struct png_writer {
  png_structp png;
  png_infop info;
  jmp_buf failure;
  cimaging_status status;
  cimaging_message *message;
  cimaging_output *output;
  uint8_t *row;
  uint8_t *indices;  // of the palette, a byte a pixel; NULL for an image without one
  cimaging_palette palette;
} png_writer;

static void leave(png_writer *writer, cimaging_status status, const char *text) __attribute__((noreturn));

static void leave(png_writer *writer, cimaging_status status, const char *text) {
  snprintf(writer->message->text, sizeof writer->message->text, "%s", text);
  writer->status = status;
  longjmp(writer->failure, 1);
}

static void on_error(png_structp png, png_const_charp text) {
  leave(png_get_error_ptr(png), strstr(text, "memory") != NULL ? CIMAGING_OUT_OF_MEMORY : CIMAGING_FAILED, text);
}

/// Discards warnings: libpng omits a profile that it considers invalid, and no more needs to be reported.
static void on_warning(png_structp png, png_const_charp text) {}

static void on_write(png_structp png, png_bytep bytes, size_t count) {
  png_writer *writer = png_get_io_ptr(png);
  cimaging_output *output = writer->output;
  if (!cimaging_output_reserve(output, output->count + count)) leave(writer, CIMAGING_OUT_OF_MEMORY, "out of memory");
  memcpy(output->base + output->count, bytes, count);
  output->count += count;
}

static void on_flush(png_structp png) {}

static void prepare(png_writer *writer) {
  writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, on_error, on_warning);
  writer->info = writer->png == NULL ? NULL : png_create_info_struct(writer->png);
  if (writer->info == NULL) leave(writer, CIMAGING_OUT_OF_MEMORY, "out of memory");
  png_set_write_fn(writer->png, writer, on_write, on_flush);
  png_set_user_limits(writer->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_benign_errors(writer->png, 1);
}

/// The settings of OpenCV's `imwrite` (imgcodecs/src/grfmt_png.cpp): several times faster than zlib's default level,
/// with slightly larger files.
static void compress_samples(png_structp png) {
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
  png_set_compression_level(png, Z_BEST_SPEED);
  png_set_compression_strategy(png, Z_RLE);
}

/// Differences of indices mean nothing, so there is no filter; patterns repeat, so zlib searches for them. Level 4 is
/// the first to look one byte ahead: half the time of level 6 or less, for files that are 2 to 8 % larger.
static void compress_indices(png_structp png) {
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_compression_level(png, 4);
  png_set_compression_strategy(png, Z_DEFAULT_STRATEGY);
}

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

static void write_rows(png_writer *writer, const cimaging_pixels *color, const cimaging_pixels *alpha) {
  if (alpha != NULL) writer->row = malloc((size_t)color->width * (size_t)(color->channels + 1));
  if (alpha != NULL && writer->row == NULL) leave(writer, CIMAGING_OUT_OF_MEMORY, "out of memory");
  for (int32_t y = 0; y < color->height; y++) {
    if (alpha != NULL) join(writer->row, color, alpha, y);
    png_write_row(writer->png, alpha != NULL ? writer->row : color->base + (size_t)y * color->row_stride);
  }
}

/// Finds the palette of an image, if it has one. Grey images need none: their levels are indices already.
static void find_palette(png_writer *writer, const cimaging_pixels *color, const cimaging_pixels *alpha) {
  if (color->channels != 3) return;
  writer->indices = malloc((size_t)color->width * (size_t)color->height);
  if (writer->indices == NULL) leave(writer, CIMAGING_OUT_OF_MEMORY, "out of memory");
  if (cimaging_palette_find(&writer->palette, color, alpha, writer->indices)) return;
  free(writer->indices);
  writer->indices = NULL;
}

/// Writes the opacity of the colours up to the last that is not opaque; of one at least, to show that there is alpha.
static void set_palette(png_writer *writer, int has_alpha) {
  png_color colors[CIMAGING_PALETTE_LIMIT];
  png_byte opacity[CIMAGING_PALETTE_LIMIT];
  int opacity_count = 1;
  for (int index = 0; index < writer->palette.count; index++) {
    const uint32_t color = writer->palette.colors[index];
    colors[index] = (png_color){(png_byte)color, (png_byte)(color >> 8), (png_byte)(color >> 16)};
    opacity[index] = (png_byte)(color >> 24);
    if (opacity[index] != 255) opacity_count = index + 1;
  }
  png_set_PLTE(writer->png, writer->info, colors, writer->palette.count);
  if (has_alpha) png_set_tRNS(writer->png, writer->info, opacity, opacity_count, NULL);
}

static void set_header(png_writer *writer, const cimaging_pixels *color, const cimaging_pixels *alpha) {
  const int is_indexed = writer->indices != NULL;
  const int bits = is_indexed ? cimaging_palette_bits(&writer->palette) : 8;
  png_set_IHDR(writer->png, writer->info, (png_uint_32)color->width, (png_uint_32)color->height, bits,
               is_indexed ? PNG_COLOR_TYPE_PALETTE : color_type(color, alpha), PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (is_indexed) set_palette(writer, alpha != NULL);
  (is_indexed ? compress_indices : compress_samples)(writer->png);
}

static void write_indices(png_writer *writer, const cimaging_pixels *color) {
  png_set_packing(writer->png);  // rows have a byte a pixel
  for (int32_t y = 0; y < color->height; y++) {
    png_write_row(writer->png, writer->indices + (size_t)y * (size_t)color->width);
  }
}

/// Separate from the function that owns `writer`, because `longjmp` may clobber local variables of the function that
/// calls `setjmp`.
static cimaging_status write_file(png_writer *writer, const cimaging_pixels *color, const cimaging_pixels *alpha,
                                  const cimaging_png_settings *settings) {
  if (setjmp(writer->failure) != 0) return writer->status;
  prepare(writer);
  if (settings->is_indexed) find_palette(writer, color, alpha);
  set_header(writer, color, alpha);
  if (settings->color_profile_count > 0) {
    png_set_iCCP(writer->png, writer->info, "ICC profile", PNG_COMPRESSION_TYPE_BASE, settings->color_profile,
                 (png_uint_32)settings->color_profile_count);
  }
  png_write_info(writer->png, writer->info);
  if (writer->indices != NULL) {
    write_indices(writer, color);
  } else {
    write_rows(writer, color, alpha);
  }
  png_write_end(writer->png, writer->info);
  return CIMAGING_OK;
}

cimaging_status cimaging_png_write(const cimaging_pixels *color, const cimaging_pixels *alpha,
                                   const cimaging_png_settings *settings, cimaging_output *output,
                                   cimaging_message *message) {
  png_writer writer = {.message = message, .output = output};
  output->count = 0;
  const cimaging_status status = write_file(&writer, color, alpha, settings);
  png_destroy_write_struct(&writer.png, &writer.info);
  free(writer.row);
  free(writer.indices);
  return status;
}
