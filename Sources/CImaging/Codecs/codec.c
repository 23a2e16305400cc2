#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <png.h>

#include "include/cimaging_codec.h"

#define TEXT_OF(macro) #macro
#define EXPANDED(macro) TEXT_OF(macro)

#ifdef LIBJPEG_TURBO_VERSION
const char *cimaging_jpeg_version(void) { return "turbo " EXPANDED(LIBJPEG_TURBO_VERSION); }
#else
const char *cimaging_jpeg_version(void) { return EXPANDED(JPEG_LIB_VERSION); }
#endif

const char *cimaging_png_version(void) { return PNG_LIBPNG_VER_STRING; }

void cimaging_warnings_add(cimaging_warnings *warnings, const char *text) {
  cimaging_message *kept = warnings->count == 0 ? &warnings->first : &warnings->last;
  snprintf(kept->text, sizeof kept->text, "%s", text);
  warnings->count += warnings->count < INT32_MAX;
}

int cimaging_output_reserve(cimaging_output *output, size_t capacity) {
  if (capacity <= output->capacity) return 1;
  size_t larger = output->capacity * 2 > capacity ? output->capacity * 2 : capacity;
  uint8_t *base = realloc(output->base, larger);
  if (base == NULL) return 0;
  output->base = base;
  output->capacity = larger;
  return 1;
}

void cimaging_output_free(cimaging_output *output) {
  free(output->base);
  *output = (cimaging_output){0};
}
