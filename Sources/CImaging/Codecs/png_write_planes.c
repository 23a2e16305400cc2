#include <stdlib.h>

#include "Codecs/png_planes.h"
#include "Codecs/png_writer.h"

static int color_type(const cimaging_png_layout *layout) {
  if (layout->is_indexed) return PNG_COLOR_TYPE_PALETTE;
  return (layout->channels == 3 ? PNG_COLOR_MASK_COLOR : 0) | (layout->has_alpha ? PNG_COLOR_MASK_ALPHA : 0);
}

static void set_palette(cimaging_png_writer *writer, const cimaging_png_layout *layout) {
  png_color colors[256];
  for (int i = 0; i < layout->color_count; i++) {
    colors[i] = (png_color){layout->colors[3 * i], layout->colors[3 * i + 1], layout->colors[3 * i + 2]};
  }
  png_set_PLTE(writer->png, writer->info, colors, layout->color_count);
  if (layout->opacity_count > 0) {
    png_set_tRNS(writer->png, writer->info, layout->opacities, layout->opacity_count, NULL);
  }
}

static void set_clear_value(cimaging_png_writer *writer, const cimaging_png_layout *layout) {
  const uint16_t *value = layout->clear_value;
  png_color_16 color = {.red = value[0], .green = value[1], .blue = value[2], .gray = value[0]};
  png_set_tRNS(writer->png, writer->info, NULL, 0, &color);
}

static void set_header(cimaging_png_writer *writer, const cimaging_png_layout *layout,
                       const cimaging_png_settings *settings) {
  png_set_IHDR(writer->png, writer->info, (png_uint_32)layout->width, (png_uint_32)layout->height, layout->bit_depth,
               color_type(layout), PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (layout->is_indexed) set_palette(writer, layout);
  if (layout->has_clear_value) set_clear_value(writer, layout);
  if (settings == NULL) return cimaging_png_compress_indices(writer->png);
  cimaging_png_compress_samples(writer->png);
  cimaging_png_set_profile(writer, settings->color_profile, settings->color_profile_count);
}

/// Gathers one row from the planes.
static void gather(uint8_t *row, const cimaging_png_layout *layout, const cimaging_pixels *planes, int32_t y) {
  for (int plane = 0; plane < CIMAGING_PNG_PLANE_COUNT; plane++) {
    if (!cimaging_png_has_plane(layout, plane)) continue;
    const cimaging_png_strand strand = cimaging_png_strand_of(layout, plane);
    uint8_t *pixel = row + strand.first;
    const uint8_t *in = planes[plane].base + (size_t)y * planes[plane].row_stride;
    for (int32_t x = 0; x < layout->width; x++, pixel += strand.pixel) {
      for (int32_t channel = 0; channel < planes[plane].channels; channel++) {
        pixel[(size_t)channel * strand.step] = *in++;
      }
    }
  }
}

static void write_rows(cimaging_png_writer *writer, const cimaging_png_layout *layout, const cimaging_pixels *planes) {
  const cimaging_pixels *color = &planes[CIMAGING_PNG_COLOR];
  const int is_plain = cimaging_png_is_plain(layout);
  if (!is_plain) writer->row = malloc(cimaging_png_row_byte_count(layout));
  if (!is_plain && writer->row == NULL) cimaging_png_abandon(writer, CIMAGING_OUT_OF_MEMORY, "out of memory");
  png_set_packing(writer->png);  // a row has a byte for each sample of up to 8 bits
  for (int32_t y = 0; y < layout->height; y++) {
    if (!is_plain) gather(writer->row, layout, planes, y);
    png_write_row(writer->png, is_plain ? color->base + (size_t)y * color->row_stride : writer->row);
  }
}

/// Separate from the function that owns `writer`, because `longjmp` may clobber local variables of the function that
/// calls `setjmp`.
static cimaging_status write_file(cimaging_png_writer *writer, const cimaging_png_layout *layout,
                                  const cimaging_pixels *planes, const cimaging_png_settings *settings) {
  if (setjmp(writer->failure) != 0) return writer->status;
  cimaging_png_start(writer);
  set_header(writer, layout, settings);
  png_write_info(writer->png, writer->info);
  write_rows(writer, layout, planes);
  png_write_end(writer->png, writer->info);
  return CIMAGING_OK;
}

cimaging_status cimaging_png_write_planes(const cimaging_png_layout *layout, const cimaging_pixels *planes,
                                          const cimaging_png_settings *settings, cimaging_output *output,
                                          cimaging_message *message) {
  cimaging_png_writer writer = {.message = message, .output = output};
  output->count = 0;
  const cimaging_status status = write_file(&writer, layout, planes, settings);
  cimaging_png_finish(&writer);
  return status;
}
