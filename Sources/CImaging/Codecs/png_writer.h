#ifndef CIMAGING_PNG_WRITER_H
#define CIMAGING_PNG_WRITER_H

#include <png.h>
#include <setjmp.h>

#include "include/cimaging_codec.h"

/// A PNG file being written, whatever its pixels come from. Errors jump to `failure`, which is set first.
typedef struct cimaging_png_writer {
  png_structp png;
  png_infop info;
  jmp_buf failure;
  cimaging_status status;
  cimaging_message *message;
  cimaging_output *output;
  uint8_t *row;  // scratch, freed with the writer; may be NULL
} cimaging_png_writer;

/// Makes libpng write to `output` and report to `writer`.
void cimaging_png_start(cimaging_png_writer *writer);

/// Jumps to `failure`.
void cimaging_png_abandon(cimaging_png_writer *writer, cimaging_status status, const char *text)
    __attribute__((noreturn));

/// Adds an ICC profile, unless it is empty.
void cimaging_png_set_profile(cimaging_png_writer *writer, const uint8_t *profile, size_t count);

/// The settings of OpenCV's `imwrite` (imgcodecs/src/grfmt_png.cpp): several times faster than zlib's default level,
/// with slightly larger files.
void cimaging_png_compress_samples(png_structp png);

/// Differences of indices mean nothing, so there is no filter; patterns repeat, so zlib searches for them. Level 4 is
/// the first to look one byte ahead: half the time of level 6 or less, for files that are 2 to 8 % larger.
void cimaging_png_compress_indices(png_structp png);

/// Frees the memory.
void cimaging_png_finish(cimaging_png_writer *writer);

#endif
