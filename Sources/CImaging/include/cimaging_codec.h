#ifndef CIMAGING_CODEC_H
#define CIMAGING_CODEC_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Warnings of a decoder that did not stop it. None go to standard error.
typedef struct cimaging_warnings {
  int32_t count;
  cimaging_message first;
  cimaging_message last;
} cimaging_warnings;

/// Counts a warning and keeps the text of the first and the last.
void cimaging_warnings_add(cimaging_warnings *warnings, const char *text);

/// Growing buffer for an encoded file, reused for the next file. Initially all zero.
typedef struct cimaging_output {
  uint8_t *base;
  size_t count;
  size_t capacity;
} cimaging_output;

/// Grows the buffer to at least `capacity` bytes, keeping its content. Returns 0 and changes nothing if out of memory.
int cimaging_output_reserve(cimaging_output *output, size_t capacity);

/// Frees the memory and zeroes `output`.
void cimaging_output_free(cimaging_output *output);

#ifdef __cplusplus
}
#endif
#endif
