#include "Codecs/png_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

void cimaging_png_abandon(cimaging_png_writer *writer, cimaging_status status, const char *text) {
  snprintf(writer->message->text, sizeof writer->message->text, "%s", text);
  writer->status = status;
  longjmp(writer->failure, 1);
}

static void on_error(png_structp png, png_const_charp text) {
  cimaging_png_abandon(png_get_error_ptr(png),
                       strstr(text, "memory") != NULL ? CIMAGING_OUT_OF_MEMORY : CIMAGING_FAILED, text);
}

/// Discards warnings: libpng omits a profile that it considers invalid, and no more needs to be reported.
static void on_warning(png_structp png, png_const_charp text) {}

static void on_write(png_structp png, png_bytep bytes, size_t count) {
  cimaging_png_writer *writer = png_get_io_ptr(png);
  cimaging_output *output = writer->output;
  if (!cimaging_output_reserve(output, output->count + count))
    cimaging_png_abandon(writer, CIMAGING_OUT_OF_MEMORY, "out of memory");
  memcpy(output->base + output->count, bytes, count);
  output->count += count;
}

static void on_flush(png_structp png) {}

void cimaging_png_start(cimaging_png_writer *writer) {
  writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, on_error, on_warning);
  writer->info = writer->png == NULL ? NULL : png_create_info_struct(writer->png);
  if (writer->info == NULL) cimaging_png_abandon(writer, CIMAGING_OUT_OF_MEMORY, "out of memory");
  png_set_write_fn(writer->png, writer, on_write, on_flush);
  png_set_user_limits(writer->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_benign_errors(writer->png, 1);
}

void cimaging_png_set_profile(cimaging_png_writer *writer, const uint8_t *profile, size_t count) {
  if (count == 0) return;
  png_set_iCCP(writer->png, writer->info, "ICC profile", PNG_COMPRESSION_TYPE_BASE, profile, (png_uint_32)count);
}

void cimaging_png_compress_samples(png_structp png) {
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
  png_set_compression_level(png, Z_BEST_SPEED);
  png_set_compression_strategy(png, Z_RLE);
}

void cimaging_png_compress_indices(png_structp png) {
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_compression_level(png, 4);
  png_set_compression_strategy(png, Z_DEFAULT_STRATEGY);
}

void cimaging_png_finish(cimaging_png_writer *writer) {
  png_destroy_write_struct(&writer->png, &writer->info);
  free(writer->row);
}
