#include "Codecs/png_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// More than any profile or EXIF chunk in practice; a compressed chunk that expands to more is a decompression bomb.
enum { MAX_CHUNK_BYTES = 8 << 20 };

/// Chunks that do not affect the decoded pixels. Skipped unread, so that they neither cost memory nor cause warnings.
static const png_byte ignored_chunks[] =
    "bKGD\0cHRM\0gAMA\0hIST\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0sTER\0tEXt\0tIME\0zTXt";

void cimaging_png_leave(cimaging_png_reader *reader, cimaging_status status, const char *text) {
  snprintf(reader->message->text, sizeof reader->message->text, "%s", text);
  reader->status = status;
  longjmp(reader->failure, 1);
}

static void on_error(png_structp png, png_const_charp text) {
  cimaging_png_leave(png_get_error_ptr(png), strstr(text, "memory") != NULL ? CIMAGING_OUT_OF_MEMORY : CIMAGING_FAILED,
                     text);
}

static int begins(const char *text, const char *prefix) { return strncmp(text, prefix, strlen(prefix)) == 0; }

/// Counts warnings about pixels and checksums; one about a malformed profile is ignored.
static void on_warning(png_structp png, png_const_charp text) {
  cimaging_png_reader *reader = png_get_error_ptr(png);
  if (begins(text, "IDAT") || begins(text, "PLTE") || begins(text, "tRNS") || strstr(text, "CRC error") != NULL) {
    cimaging_warnings_add(&reader->warnings, text);
  }
}

static void on_read(png_structp png, png_bytep destination, size_t count) {
  cimaging_png_reader *reader = png_get_io_ptr(png);
  if (count > reader->count - reader->offset) {
    cimaging_png_leave(reader, CIMAGING_TRUNCATED, "the PNG file ends before its image does");
  }
  memcpy(destination, reader->bytes + reader->offset, count);
  reader->offset += count;
}

cimaging_png_reader *cimaging_png_open(void) { return calloc(1, sizeof(cimaging_png_reader)); }

void cimaging_png_take(cimaging_png_reader *reader, const uint8_t *bytes, size_t count, cimaging_message *message) {
  reader->message = message;
  reader->bytes = bytes;
  reader->count = count;
}

void cimaging_png_close(cimaging_png_reader *reader) {
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}

void cimaging_png_prepare(cimaging_png_reader *reader) {
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
  reader->info = reader->png == NULL ? NULL : png_create_info_struct(reader->png);
  if (reader->info == NULL) cimaging_png_leave(reader, CIMAGING_OUT_OF_MEMORY, "out of memory");
  png_set_read_fn(reader->png, reader, on_read);
  png_set_user_limits(reader->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max(reader->png, MAX_CHUNK_BYTES);
  png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, ignored_chunks, sizeof ignored_chunks / 5);
  png_set_check_for_invalid_index(reader->png, 0);  // an index beyond the palette is black
}

void cimaging_png_note_size(const cimaging_png_reader *reader, int32_t *width, int32_t *height) {
  if (reader->info == NULL) return;
  *width = (int32_t)png_get_image_width(reader->png, reader->info);
  *height = (int32_t)png_get_image_height(reader->png, reader->info);
}
