#ifndef CIMAGING_PNG_READER_H
#define CIMAGING_PNG_READER_H

#include <png.h>
#include <setjmp.h>

#include "include/cimaging_png.h"

// A PNG file being read, whatever its pixels are read as. Each function that calls libpng sets `failure` first; errors
// jump there.

struct cimaging_png_reader {
  png_structp png;
  png_infop info;
  jmp_buf failure;
  cimaging_status status;
  cimaging_message *message;
  cimaging_warnings warnings;
  const uint8_t *bytes;
  size_t count;
  size_t offset;
  size_t row_byte_count;  // of a row as libpng returns it
  int passes;             // of an interlaced image; otherwise 1
  int has_alpha;
};

/// Notes what to read and where errors are told.
void cimaging_png_take(cimaging_png_reader *reader, const uint8_t *bytes, size_t count, cimaging_message *message);

/// Makes libpng report to `reader` and reject oversized chunks. The caller enforces the pixel limit.
void cimaging_png_prepare(cimaging_png_reader *reader);

/// Jumps to `failure`.
void cimaging_png_leave(cimaging_png_reader *reader, cimaging_status status, const char *text)
    __attribute__((noreturn));

/// Sets the size if the header has been read.
void cimaging_png_note_size(const cimaging_png_reader *reader, int32_t *width, int32_t *height);

#endif
