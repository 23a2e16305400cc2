#ifndef CIMAGING_CODEC_H
#define CIMAGING_CODEC_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What a decoder complained about while it went on: nothing of it goes to standard error.
typedef struct cimaging_warnings {
  int32_t count;
  cimaging_message first;
  cimaging_message last;
} cimaging_warnings;

/// Counts a warning; the first and the last are kept.
void cimaging_warnings_add(cimaging_warnings *warnings, const char *text);

/// An encoded file as it grows; the memory stays for the next one. All zero at first.
typedef struct cimaging_output {
  uint8_t *base;
  size_t count;
  size_t capacity;
} cimaging_output;

/// Makes room for at least `capacity` bytes, keeping what is there. False where the machine refuses, and then nothing
/// has changed.
int cimaging_output_reserve(cimaging_output *output, size_t capacity);

/// Frees the memory.
void cimaging_output_free(cimaging_output *output);

#ifdef __cplusplus
}
#endif
#endif
