#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
// jpeglib.h needs FILE and size_t.
#include <jerror.h>
#include <jpeglib.h>

#include "include/cimaging_jpeg.h"

enum { FIRST_CAPACITY = 1 << 18 };

typedef struct jpeg_writer {
  struct jpeg_compress_struct compressor;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  jmp_buf failure;
  cimaging_message *message;
  cimaging_output *output;
} jpeg_writer;

static void on_error(j_common_ptr common) {
  jpeg_writer *writer = common->client_data;
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  snprintf(writer->message->text, sizeof writer->message->text, "%s", text);
  longjmp(writer->failure, 1);
}

/// Discards messages of the encoder: they say nothing about the image, and libjpeg would print them to standard error.
static void on_message(j_common_ptr common, int level) {}

/// Gives libjpeg all free memory after the first `used` bytes.
static void offer(jpeg_writer *writer, size_t used) {
  writer->destination.next_output_byte = writer->output->base + used;
  writer->destination.free_in_buffer = writer->output->capacity - used;
}

static void on_start(j_compress_ptr compressor) { offer(compressor->client_data, 0); }

static boolean on_full(j_compress_ptr compressor) {
  jpeg_writer *writer = compressor->client_data;
  const size_t used = writer->output->capacity;
  if (!cimaging_output_reserve(writer->output, used + 1)) ERREXIT1(compressor, JERR_OUT_OF_MEMORY, 0);
  offer(writer, used);
  return TRUE;
}

static void on_end(j_compress_ptr compressor) {
  jpeg_writer *writer = compressor->client_data;
  writer->output->count = writer->output->capacity - writer->destination.free_in_buffer;
}

/// Makes libjpeg report and write to `writer`. Call after `setjmp`, because creating the compressor may fail.
static void prepare(jpeg_writer *writer) {
  writer->compressor.err = jpeg_std_error(&writer->errors);
  writer->errors.error_exit = on_error;
  writer->errors.emit_message = on_message;
  writer->compressor.client_data = writer;
  jpeg_create_compress(&writer->compressor);
  writer->destination.init_destination = on_start;
  writer->destination.empty_output_buffer = on_full;
  writer->destination.term_destination = on_end;
  writer->compressor.dest = &writer->destination;
}

static void write_rows(struct jpeg_compress_struct *compressor, const cimaging_pixels *pixels) {
  while (compressor->next_scanline < compressor->image_height) {
    JSAMPROW row = pixels->base + compressor->next_scanline * pixels->row_stride;
    jpeg_write_scanlines(compressor, &row, 1);
  }
}

static cimaging_status status_of(int message_code) {
  switch (message_code) {
    case JERR_OUT_OF_MEMORY: return CIMAGING_OUT_OF_MEMORY;
    case JERR_IMAGE_TOO_BIG: return CIMAGING_UNSUPPORTED;
    default: return CIMAGING_FAILED;
  }
}

/// Separate from the function that owns `writer`, because `longjmp` may clobber local variables of the function that
/// calls `setjmp`.
static cimaging_status write_file(jpeg_writer *writer, const cimaging_pixels *pixels,
                                  const cimaging_jpeg_settings *settings, const uint8_t *color_profile,
                                  size_t color_profile_count) {
  struct jpeg_compress_struct *compressor = &writer->compressor;
  if (setjmp(writer->failure) != 0) return status_of(writer->errors.msg_code);
  prepare(writer);
  compressor->image_width = (JDIMENSION)pixels->width;
  compressor->image_height = (JDIMENSION)pixels->height;
  compressor->input_components = pixels->channels;
  const J_COLOR_SPACE colors = settings->is_exchanged ? JCS_EXT_BGR : JCS_RGB;
  compressor->in_color_space = pixels->channels == 1 ? JCS_GRAYSCALE : colors;
  jpeg_set_defaults(compressor);
  if (pixels->channels == 3) {
    compressor->comp_info[0].h_samp_factor = settings->sampling_across;
    compressor->comp_info[0].v_samp_factor = settings->sampling_down;
  }
  jpeg_set_quality(compressor, settings->quality, TRUE);
  if (settings->is_fast) compressor->dct_method = JDCT_IFAST;
  jpeg_start_compress(compressor, TRUE);
  if (color_profile_count > 0) jpeg_write_icc_profile(compressor, color_profile, (unsigned int)color_profile_count);
  write_rows(compressor, pixels);
  jpeg_finish_compress(compressor);
  return CIMAGING_OK;
}

cimaging_status cimaging_jpeg_write(const cimaging_pixels *pixels, const cimaging_jpeg_settings *settings,
                                    const uint8_t *color_profile, size_t color_profile_count, cimaging_output *output,
                                    cimaging_message *message) {
  jpeg_writer writer = {.message = message, .output = output};
  if (!cimaging_output_reserve(output, FIRST_CAPACITY)) return CIMAGING_OUT_OF_MEMORY;
  const cimaging_status status = write_file(&writer, pixels, settings, color_profile, color_profile_count);
  jpeg_destroy_compress(&writer.compressor);
  return status;
}
