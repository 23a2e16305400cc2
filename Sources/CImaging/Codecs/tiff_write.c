#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "include/cimaging_tiff.h"

typedef struct strip_writer {
  z_stream stream;
  cimaging_output *output;
  uint8_t *row;
} strip_writer;

/// Writes the samples of a row behind each other.
static void join(const cimaging_pixels *planes, const cimaging_tiff_settings *settings, int32_t y, uint8_t *row) {
  for (int32_t x = 0; x < planes[0].width; x++) {
    for (int plane = CIMAGING_TIFF_COLOR; plane <= (settings->has_alpha ? CIMAGING_TIFF_ALPHA : 0);
         plane += CIMAGING_TIFF_ALPHA) {
      const cimaging_pixels *high = &planes[plane], *low = high + 1;
      const size_t first = (size_t)y * high->row_stride + (size_t)(x * high->channels);
      for (size_t place = first; place < first + (size_t)high->channels; place++) {
        if (settings->is_deep) *row++ = low->base[place];
        *row++ = high->base[place];
      }
    }
  }
}

/// Replaces each sample but those of the first pixel by its difference to that of the pixel before (predictor 2).
static void subtract(uint8_t *row, size_t pixels, size_t samples, int is_deep) {
  const size_t count = pixels * samples;
  for (size_t i = count; i-- > samples;) {
    if (is_deep) {
      const size_t at = 2 * i, before = 2 * (i - samples);
      const uint32_t difference =
          (uint32_t)(row[at] | row[at + 1] << 8) - (uint32_t)(row[before] | row[before + 1] << 8);
      row[at] = (uint8_t)difference;
      row[at + 1] = (uint8_t)(difference >> 8);
    } else {
      row[i] = (uint8_t)(row[i] - row[i - samples]);
    }
  }
}

/// Compresses what the stream has been given. Returns 0 if out of memory.
static int deflate_all(strip_writer *writer, int flush) {
  int code = Z_OK;
  do {
    if (!cimaging_output_reserve(writer->output, writer->output->count + (64 << 10))) return 0;
    const size_t room = writer->output->capacity - writer->output->count;
    writer->stream.next_out = writer->output->base + writer->output->count;
    writer->stream.avail_out = room < (1u << 30) ? (uInt)room : 1u << 30;
    const uInt before = writer->stream.avail_out;
    code = deflate(&writer->stream, flush);
    writer->output->count += before - writer->stream.avail_out;
  } while (writer->stream.avail_out == 0 || (flush == Z_FINISH && code == Z_OK));
  return code != Z_STREAM_ERROR;
}

cimaging_status cimaging_tiff_write_strip(const cimaging_pixels *planes, const cimaging_tiff_settings *settings,
                                          int32_t first_row, int32_t row_count, cimaging_output *output,
                                          cimaging_message *message) {
  strip_writer writer = {.output = output};
  const size_t samples = (size_t)planes[CIMAGING_TIFF_COLOR].channels + (settings->has_alpha ? 1 : 0);
  const size_t pixels = (size_t)planes[CIMAGING_TIFF_COLOR].width;
  const size_t row_byte_count = pixels * samples * (settings->is_deep ? 2 : 1);
  writer.row = malloc(row_byte_count);
  int is_written = writer.row != NULL && deflateInit(&writer.stream, Z_BEST_SPEED) == Z_OK;
  for (int32_t y = first_row; is_written && y < first_row + row_count; y++) {
    join(planes, settings, y, writer.row);
    subtract(writer.row, pixels, samples, settings->is_deep);
    writer.stream.next_in = writer.row;
    writer.stream.avail_in = (uInt)row_byte_count;
    is_written = deflate_all(&writer, y + 1 == first_row + row_count ? Z_FINISH : Z_NO_FLUSH);
  }
  deflateEnd(&writer.stream);
  free(writer.row);
  if (is_written) return CIMAGING_OK;
  snprintf(message->text, sizeof message->text, "out of memory");
  return CIMAGING_OUT_OF_MEMORY;
}
