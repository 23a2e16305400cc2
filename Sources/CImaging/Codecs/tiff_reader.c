#include "Codecs/tiff_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// What libtiff may allocate at once, and what a row or a tile may take.
enum { MAX_BLOCK_BYTES = 128 << 20 };

static cimaging_status fail(cimaging_message *message, cimaging_status status, const char *text) {
  snprintf(message->text, sizeof message->text, "%s", text);
  return status;
}

/// Keeps the first error; the later ones follow from it. Nothing goes to standard error.
static int on_error(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments) {
  cimaging_tiff_reader *reader = context;
  if (reader->failure.text[0] == '\0') {
    vsnprintf(reader->failure.text, sizeof reader->failure.text, format, arguments);
  }
  return 1;
}

/// Warnings about tags say nothing about pixels: the reader forgets those before the first row.
static int on_warning(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments) {
  cimaging_tiff_reader *reader = context;
  char text[256];
  vsnprintf(text, sizeof text, format, arguments);
  cimaging_warnings_add(&reader->warnings, text);
  return 1;
}

// libtiff reads the file where it is in memory; the functions below are for what it does not.

static tmsize_t on_read(thandle_t handle, void *destination, tmsize_t count) {
  cimaging_tiff_reader *reader = handle;
  const size_t rest = reader->offset < reader->count ? reader->count - reader->offset : 0;
  const size_t taken = (size_t)count < rest ? (size_t)count : rest;
  if (taken > 0) memcpy(destination, reader->bytes + reader->offset, taken);
  reader->offset += taken;
  return (tmsize_t)taken;
}

static tmsize_t on_write(thandle_t handle, void *bytes, tmsize_t count) { return 0; }

static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  cimaging_tiff_reader *reader = handle;
  const toff_t start = whence == SEEK_CUR ? reader->offset : whence == SEEK_END ? reader->count : 0;
  reader->offset = (size_t)(start + offset);
  return reader->offset;
}

static int on_close(thandle_t handle) { return 0; }

static toff_t on_size(thandle_t handle) { return ((cimaging_tiff_reader *)handle)->count; }

static int on_map(thandle_t handle, void **base, toff_t *size) {
  cimaging_tiff_reader *reader = handle;
  *base = (void *)reader->bytes;  // opened for reading, libtiff only reads there
  *size = reader->count;
  return 1;
}

static void on_unmap(thandle_t handle, void *base, toff_t size) {}

cimaging_tiff_reader *cimaging_tiff_open(void) { return calloc(1, sizeof(cimaging_tiff_reader)); }

void cimaging_tiff_close(cimaging_tiff_reader *reader) {
  if (reader->tiff != NULL) cimaging_libtiff.TIFFClose(reader->tiff);
  free(reader);
}

static cimaging_status open_file(cimaging_tiff_reader *reader, cimaging_message *message) {
  const cimaging_tiff_library *lib = &cimaging_libtiff;
  TIFFOpenOptions *options = lib->TIFFOpenOptionsAlloc();
  if (options == NULL) return CIMAGING_OUT_OF_MEMORY;
  lib->TIFFOpenOptionsSetMaxSingleMemAlloc(options, MAX_BLOCK_BYTES);
  lib->TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, reader);
  lib->TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, reader);
  reader->tiff = lib->TIFFClientOpenExt("TIFF", "r", reader, on_read, on_write, on_seek, on_close, on_size, on_map,
                                        on_unmap, options);
  lib->TIFFOpenOptionsFree(options);
  return reader->tiff == NULL ? fail(message, CIMAGING_FAILED, reader->failure.text) : CIMAGING_OK;
}

/// Finds how much is read at once: a row of the image, or a tile.
static cimaging_status measure_blocks(cimaging_tiff_reader *reader, cimaging_message *message) {
  const cimaging_tiff_library *lib = &cimaging_libtiff;
  const int is_tiled = lib->TIFFIsTiled(reader->tiff);
  if (is_tiled && (!lib->TIFFGetField(reader->tiff, TIFFTAG_TILEWIDTH, &reader->tile_width) ||
                   !lib->TIFFGetField(reader->tiff, TIFFTAG_TILELENGTH, &reader->tile_height) ||
                   reader->tile_width == 0 || reader->tile_height == 0)) {
    return fail(message, CIMAGING_FAILED, "the tiles have no size");
  }
  const uint64_t row = is_tiled ? lib->TIFFTileRowSize64(reader->tiff) : lib->TIFFScanlineSize64(reader->tiff);
  const uint64_t block = is_tiled ? lib->TIFFTileSize64(reader->tiff) : row;
  const int32_t columns = is_tiled ? (int32_t)reader->tile_width : reader->layout.width;
  const uint64_t samples = reader->layout.is_separate ? 1 : (uint64_t)reader->layout.samples;
  if (block > MAX_BLOCK_BYTES) return fail(message, CIMAGING_UNSUPPORTED, "a TIFF image whose tiles are too large");
  if (columns < 0 || row < ((uint64_t)columns * samples * (uint64_t)reader->layout.bits + 7) / 8 ||
      block < row * (is_tiled ? reader->tile_height : 1)) {
    return fail(message, CIMAGING_FAILED, "the TIFF image has an unexpected layout");
  }
  reader->row_byte_count = (size_t)row;
  reader->block_byte_count = (size_t)block;
  return CIMAGING_OK;
}

cimaging_status cimaging_tiff_read_header(cimaging_tiff_reader *reader, const uint8_t *bytes, size_t count,
                                          cimaging_tiff_header *header, cimaging_message *message) {
  memset(header, 0, sizeof *header);
  reader->bytes = bytes;
  reader->count = count;
  cimaging_status status = cimaging_tiff_load(message);
  if (status == CIMAGING_OK) status = open_file(reader, message);
  if (status != CIMAGING_OK) return status;
  status = cimaging_tiff_read_layout(reader, message);
  header->width = reader->layout.width;
  header->height = reader->layout.height;
  if (status == CIMAGING_OK) status = measure_blocks(reader, message);
  if (status != CIMAGING_OK) return status;
  header->channels = reader->layout.channels;
  header->has_alpha = reader->layout.has_alpha;
  header->bit_depth = reader->layout.bits;
  header->scratch_count = reader->block_byte_count;
  uint16_t orientation = 1;
  cimaging_libtiff.TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_ORIENTATION, &orientation);
  header->orientation = orientation;
  return CIMAGING_OK;
}

/// Whether part of the image lies behind the end of the file.
static int is_cut(const cimaging_tiff_reader *reader) {
  const cimaging_tiff_library *lib = &cimaging_libtiff;
  const uint32_t count =
      reader->tile_width > 0 ? lib->TIFFNumberOfTiles(reader->tiff) : lib->TIFFNumberOfStrips(reader->tiff);
  for (uint32_t index = 0; index < count; index++) {
    const uint64_t start = lib->TIFFGetStrileOffset(reader->tiff, index);
    if (start > reader->count || lib->TIFFGetStrileByteCount(reader->tiff, index) > reader->count - start) return 1;
  }
  return 0;
}

static cimaging_status tell(const cimaging_tiff_reader *reader, cimaging_message *message) {
  if (is_cut(reader)) return fail(message, CIMAGING_TRUNCATED, "the TIFF file ends before its image does");
  const char *text = reader->failure.text;
  return fail(message, CIMAGING_FAILED, text[0] == '\0' ? "libtiff cannot read the image" : text);
}

static int read_rows(cimaging_tiff_reader *reader, int32_t sample, cimaging_tiff_target target, uint8_t *scratch) {
  target.count = reader->layout.width;
  for (target.y = 0; target.y < reader->layout.height; target.y++) {
    memset(scratch, 0, reader->row_byte_count);
    if (cimaging_libtiff.TIFFReadScanline(reader->tiff, scratch, (uint32_t)target.y, (uint16_t)sample) < 0) return 0;
    cimaging_tiff_put_row(&reader->layout, scratch, sample, &target);
  }
  return 1;
}

static int read_tile(cimaging_tiff_reader *reader, int32_t sample, cimaging_tiff_target target, uint8_t *scratch) {
  const uint32_t x = (uint32_t)target.x, y = (uint32_t)target.y;
  const uint32_t tile = cimaging_libtiff.TIFFComputeTile(reader->tiff, x, y, 0, (uint16_t)sample);
  memset(scratch, 0, reader->block_byte_count);
  if (cimaging_libtiff.TIFFReadEncodedTile(reader->tiff, tile, scratch, (tmsize_t)reader->block_byte_count) < 0)
    return 0;
  const int32_t across = reader->layout.width - target.x, down = reader->layout.height - target.y;
  target.count = (int32_t)reader->tile_width < across ? (int32_t)reader->tile_width : across;
  const int32_t rows = (int32_t)reader->tile_height < down ? (int32_t)reader->tile_height : down;
  for (int32_t row = 0; row < rows; row++, target.y++) {
    cimaging_tiff_put_row(&reader->layout, scratch + (size_t)row * reader->row_byte_count, sample, &target);
  }
  return 1;
}

static int read_tiles(cimaging_tiff_reader *reader, int32_t sample, cimaging_tiff_target target, uint8_t *scratch) {
  // 64 bits, because the last step may go beyond 32.
  for (int64_t y = 0; y < reader->layout.height; y += reader->tile_height) {
    for (int64_t x = 0; x < reader->layout.width; x += reader->tile_width) {
      target.x = (int32_t)x;
      target.y = (int32_t)y;
      if (!read_tile(reader, sample, target, scratch)) return 0;
    }
  }
  return 1;
}

cimaging_status cimaging_tiff_read_pixels(cimaging_tiff_reader *reader, const cimaging_pixels *planes, int32_t is_deep,
                                          uint8_t *scratch, cimaging_warnings *warnings, cimaging_message *message) {
  const cimaging_tiff_layout *layout = &reader->layout;
  const cimaging_tiff_target target = {.planes = planes, .is_deep = is_deep};
  const int32_t passes = layout->is_separate ? layout->color_samples + layout->has_alpha : 1;
  reader->warnings = (cimaging_warnings){0};
  reader->failure.text[0] = '\0';
  for (int32_t sample = 0; sample < passes; sample++) {
    const int is_read = reader->tile_width > 0 ? read_tiles(reader, sample, target, scratch)
                                               : read_rows(reader, sample, target, scratch);
    if (!is_read) return tell(reader, message);
  }
  for (int32_t y = 0; layout->is_premultiplied && y < layout->height; y++) {
    cimaging_tiff_divide_row(planes, is_deep, y);
  }
  // Some codecs tell an error and go on.
  if (reader->failure.text[0] != '\0') cimaging_warnings_add(&reader->warnings, reader->failure.text);
  *warnings = reader->warnings;
  return CIMAGING_OK;
}
