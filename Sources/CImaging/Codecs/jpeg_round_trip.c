#include "include/cimaging_compression.h"
#include "include/cimaging_jpeg.h"

static cimaging_status read_back(const cimaging_output *file, const cimaging_pixels *destination,
                                 cimaging_message *message) {
  cimaging_jpeg_reader *reader = cimaging_jpeg_open();
  if (reader == NULL) return CIMAGING_OUT_OF_MEMORY;
  cimaging_jpeg_header header;
  cimaging_warnings warnings;
  cimaging_status status = cimaging_jpeg_read_header(reader, file->base, file->count, &header, message);
  if (status == CIMAGING_OK) {
    cimaging_jpeg_exchange(reader);
    status = cimaging_jpeg_read_pixels(reader, destination, 0, &warnings, message);
  }
  cimaging_jpeg_close(reader);
  return status;
}

cimaging_status cimaging_jpeg_round_trip(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         int32_t quality, cimaging_message *message) {
  const cimaging_jpeg_settings settings = {
      .quality = quality, .sampling_across = 2, .sampling_down = 2, .is_exchanged = 1};
  cimaging_output file = {0};
  cimaging_status status = cimaging_jpeg_write(source, &settings, NULL, 0, &file, message);
  if (status == CIMAGING_OK) status = read_back(&file, destination, message);
  cimaging_output_free(&file);
  return status;
}
