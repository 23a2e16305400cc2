#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// jpeglib.h needs FILE and size_t.
#include <jerror.h>
#include <jpeglib.h>

#include "include/cimaging_jpeg.h"

/// The same limit as TurboJPEG: a few kilobytes can hold thousands of scans, and each costs a pass over the whole
/// image.
enum { MAX_SCANS = 500 };

struct cimaging_jpeg_reader {
  struct jpeg_decompress_struct decompressor;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf failure;
  cimaging_status status;
  cimaging_message *message;
  cimaging_warnings warnings;
};

static void leave(cimaging_jpeg_reader *reader, cimaging_status status) __attribute__((noreturn));

static void leave(cimaging_jpeg_reader *reader, cimaging_status status) {
  reader->status = status;
  longjmp(reader->failure, 1);
}

static cimaging_status status_of(int message_code) {
  switch (message_code) {
    case JERR_OUT_OF_MEMORY: return CIMAGING_OUT_OF_MEMORY;
    case JERR_INPUT_EOF: return CIMAGING_TRUNCATED;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_IMAGE_TOO_BIG:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED: return CIMAGING_UNSUPPORTED;
    default: return CIMAGING_FAILED;
  }
}

static void on_error(j_common_ptr common) {
  cimaging_jpeg_reader *reader = common->client_data;
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  snprintf(reader->message->text, sizeof reader->message->text, "%s", text);
  leave(reader, status_of(common->err->msg_code));
}

static void on_message(j_common_ptr common, int level) {
  if (level >= 0) return;
  // At a premature end of file, libjpeg would continue and fill the rest of the image with grey.
  if (common->err->msg_code == JWRN_JPEG_EOF) {
    common->err->msg_code = JERR_INPUT_EOF;
    on_error(common);
  }
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  cimaging_warnings_add(&((cimaging_jpeg_reader *)common->client_data)->warnings, text);
}

static void on_progress(j_common_ptr common) {
  cimaging_jpeg_reader *reader = common->client_data;
  if (reader->decompressor.input_scan_number <= MAX_SCANS) return;
  snprintf(reader->message->text, sizeof reader->message->text, "JPEG of more than %d scans", MAX_SCANS);
  leave(reader, CIMAGING_UNSUPPORTED);
}

cimaging_jpeg_reader *cimaging_jpeg_open(void) { return calloc(1, sizeof(cimaging_jpeg_reader)); }

void cimaging_jpeg_close(cimaging_jpeg_reader *reader) {
  jpeg_destroy_decompress(&reader->decompressor);
  free(reader);
}

/// Makes libjpeg report to `reader`. Call after `setjmp`, because creating the decompressor may fail.
static void prepare(cimaging_jpeg_reader *reader, const uint8_t *bytes, size_t count) {
  struct jpeg_decompress_struct *decompressor = &reader->decompressor;
  decompressor->err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = on_error;
  reader->errors.emit_message = on_message;
  decompressor->client_data = reader;
  jpeg_create_decompress(decompressor);
  reader->progress.progress_monitor = on_progress;
  decompressor->progress = &reader->progress;
  jpeg_mem_src(decompressor, bytes, count);
}

static void choose_colors(cimaging_jpeg_reader *reader, cimaging_jpeg_header *header) {
  switch (reader->decompressor.jpeg_color_space) {
    case JCS_GRAYSCALE:
      header->channels = 1;
      reader->decompressor.out_color_space = JCS_GRAYSCALE;
      return;
    case JCS_RGB:
    case JCS_YCbCr:
      header->channels = 3;
      reader->decompressor.out_color_space = JCS_RGB;
      return;
    case JCS_CMYK:
    case JCS_YCCK:
      header->channels = 3;
      reader->decompressor.out_color_space = JCS_CMYK;
      return;
    default:
      snprintf(reader->message->text, sizeof reader->message->text, "JPEG of %d components",
               reader->decompressor.num_components);
      leave(reader, CIMAGING_UNSUPPORTED);
  }
}

/// Sets the subsampling factors if both chroma planes have the same size and luma is a multiple of it in each
/// direction.
static void find_sampling(const struct jpeg_decompress_struct *decompressor, cimaging_jpeg_header *header) {
  if (decompressor->num_components < 3) return;
  const jpeg_component_info *parts = decompressor->comp_info;
  const int across = parts[1].h_samp_factor, down = parts[1].v_samp_factor;
  if (parts[2].h_samp_factor != across || parts[2].v_samp_factor != down) return;
  if (parts[0].h_samp_factor % across != 0 || parts[0].v_samp_factor % down != 0) return;
  header->sampling_across = parts[0].h_samp_factor / across;
  header->sampling_down = parts[0].v_samp_factor / down;
}

cimaging_status cimaging_jpeg_read_header(cimaging_jpeg_reader *reader, const uint8_t *bytes, size_t count,
                                          cimaging_jpeg_header *header, cimaging_message *message) {
  memset(header, 0, sizeof *header);
  reader->message = message;
  if (setjmp(reader->failure) != 0) {
    header->width = (int32_t)reader->decompressor.image_width;
    header->height = (int32_t)reader->decompressor.image_height;
    return reader->status;
  }
  prepare(reader, bytes, count);
  jpeg_read_header(&reader->decompressor, TRUE);
  header->width = (int32_t)reader->decompressor.image_width;
  header->height = (int32_t)reader->decompressor.image_height;
  choose_colors(reader, header);
  find_sampling(&reader->decompressor, header);
  return CIMAGING_OK;
}

cimaging_status cimaging_jpeg_shrink(cimaging_jpeg_reader *reader, int32_t eighths, cimaging_jpeg_header *header,
                                     cimaging_message *message) {
  reader->message = message;
  if (setjmp(reader->failure) != 0) return reader->status;
  reader->decompressor.scale_num = (unsigned int)eighths;
  reader->decompressor.scale_denom = 8;
  jpeg_calc_output_dimensions(&reader->decompressor);
  header->width = (int32_t)reader->decompressor.output_width;
  header->height = (int32_t)reader->decompressor.output_height;
  return CIMAGING_OK;
}

void cimaging_jpeg_exchange(cimaging_jpeg_reader *reader) {
  struct jpeg_decompress_struct *decompressor = &reader->decompressor;
  if (decompressor->out_color_space == JCS_RGB) decompressor->out_color_space = JCS_EXT_BGR;
}

static void read_rows(struct jpeg_decompress_struct *decompressor, const cimaging_pixels *pixels) {
  enum { ROWS_AT_ONCE = 16 };
  JSAMPROW rows[ROWS_AT_ONCE];
  while (decompressor->output_scanline < decompressor->output_height) {
    JDIMENSION first = decompressor->output_scanline, count = 0;
    while (count < ROWS_AT_ONCE && first + count < decompressor->output_height) {
      rows[count] = pixels->base + (first + count) * pixels->row_stride;
      count++;
    }
    jpeg_read_scanlines(decompressor, rows, count);
  }
}

/// a × b / 255, rounded to nearest, for bytes.
static uint8_t product(unsigned int a, unsigned int b) {
  unsigned int scaled = a * b + 128;
  return (uint8_t)((scaled + (scaled >> 8)) >> 8);
}

static void read_cmyk_rows(struct jpeg_decompress_struct *decompressor, const cimaging_pixels *pixels) {
  JSAMPARRAY row =
      decompressor->mem->alloc_sarray((j_common_ptr)decompressor, JPOOL_IMAGE, decompressor->output_width * 4, 1);
  while (decompressor->output_scanline < decompressor->output_height) {
    uint8_t *out = pixels->base + decompressor->output_scanline * pixels->row_stride;
    jpeg_read_scanlines(decompressor, row, 1);
    for (JDIMENSION column = 0; column < decompressor->output_width; column++) {
      const JSAMPLE *ink = row[0] + column * 4;
      for (int channel = 0; channel < 3; channel++) *out++ = product(ink[channel], ink[3]);
    }
  }
}

cimaging_status cimaging_jpeg_read_pixels(cimaging_jpeg_reader *reader, const cimaging_pixels *pixels, int32_t is_fast,
                                          cimaging_warnings *warnings, cimaging_message *message) {
  struct jpeg_decompress_struct *decompressor = &reader->decompressor;
  reader->message = message;
  if (setjmp(reader->failure) != 0) return reader->status;
  if (is_fast) {
    decompressor->dct_method = JDCT_IFAST;
    decompressor->do_fancy_upsampling = FALSE;
  }
  jpeg_start_decompress(decompressor);
  if (pixels->width != (int32_t)decompressor->output_width || pixels->height != (int32_t)decompressor->output_height) {
    snprintf(message->text, sizeof message->text, "the pixels have another shape than the header");
    return CIMAGING_FAILED;
  }
  if (decompressor->out_color_space == JCS_CMYK) {
    read_cmyk_rows(decompressor, pixels);
  } else {
    read_rows(decompressor, pixels);
  }
  jpeg_finish_decompress(decompressor);
  *warnings = reader->warnings;
  return CIMAGING_OK;
}
