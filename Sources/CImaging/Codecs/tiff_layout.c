#include <stdio.h>

#include "Codecs/tiff_reader.h"

/// Far more than colours and opacity; files of many bands are no photographs.
enum { MAX_SAMPLES = 16 };

static cimaging_status refuse(cimaging_message *message, const char *text, int value) {
  snprintf(message->text, sizeof message->text, text, value);
  return CIMAGING_UNSUPPORTED;
}

/// Codecs that decode row by row with little memory, and are maintained.
static int is_known(uint16_t compression) {
  switch (compression) {
    case COMPRESSION_NONE:
    case COMPRESSION_CCITTRLE:
    case COMPRESSION_CCITTFAX3:
    case COMPRESSION_CCITTFAX4:
    case COMPRESSION_LZW:
    case COMPRESSION_JPEG:
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_DEFLATE:
    case COMPRESSION_PACKBITS:
    case COMPRESSION_ZSTD: return 1;
    default: return 0;
  }
}

static cimaging_status read_format(cimaging_tiff_reader *reader, cimaging_message *message) {
  const cimaging_tiff_library *lib = &cimaging_libtiff;
  uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT, planes = PLANARCONFIG_CONTIG, compression = 0;
  lib->TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_COMPRESSION, &compression);
  lib->TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  lib->TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  lib->TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_SAMPLEFORMAT, &format);
  lib->TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_PLANARCONFIG, &planes);
  if (!is_known(compression)) return refuse(message, "a TIFF image of compression %d", compression);
  if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID) {
    return refuse(message, "a TIFF image whose samples have a sign or a fraction (format %d)", format);
  }
  if (bits < 1 || bits > 16) return refuse(message, "a TIFF image of %d bits a sample", bits);
  if (samples < 1 || samples > MAX_SAMPLES) return refuse(message, "a TIFF image of %d samples a pixel", samples);
  reader->layout.bits = bits;
  reader->layout.samples = samples;
  reader->layout.is_separate = planes == PLANARCONFIG_SEPARATE && samples > 1;
  return CIMAGING_OK;
}

static cimaging_status read_map(cimaging_tiff_reader *reader, cimaging_message *message) {
  cimaging_tiff_layout *layout = &reader->layout;
  uint16_t *map[3];
  layout->channels = 3;
  if (layout->bits > 8) return refuse(message, "a TIFF palette with indices of %d bits", layout->bits);
  if (!cimaging_libtiff.TIFFGetField(reader->tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2])) {
    snprintf(message->text, sizeof message->text, "a palette is missing");
    return CIMAGING_FAILED;
  }
  for (int channel = 0; channel < 3; channel++) layout->map[channel] = map[channel];
  return CIMAGING_OK;
}

static cimaging_status read_inks(cimaging_tiff_reader *reader, cimaging_message *message) {
  uint16_t inks = INKSET_CMYK;
  cimaging_libtiff.TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_INKSET, &inks);
  if (inks != INKSET_CMYK) return refuse(message, "a TIFF image of ink set %d", inks);
  if (reader->layout.is_separate) return refuse(message, "a TIFF image with %d planes of inks", reader->layout.samples);
  reader->layout.color_samples = 4;
  reader->layout.channels = 3;
  reader->layout.is_ink = 1;
  return CIMAGING_OK;
}

/// JPEG data are converted by libtiff, row by row.
static cimaging_status read_luma(cimaging_tiff_reader *reader, cimaging_message *message) {
  uint16_t compression = 0;
  cimaging_libtiff.TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_COMPRESSION, &compression);
  if (compression != COMPRESSION_JPEG || reader->layout.is_separate) {
    return refuse(message, "a TIFF image of luma and chroma with compression %d", compression);
  }
  cimaging_libtiff.TIFFSetField(reader->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  reader->layout.color_samples = reader->layout.channels = 3;
  return CIMAGING_OK;
}

static cimaging_status read_colors(cimaging_tiff_reader *reader, cimaging_message *message) {
  cimaging_tiff_layout *layout = &reader->layout;
  uint16_t photometric = PHOTOMETRIC_MINISBLACK;
  if (!cimaging_libtiff.TIFFGetField(reader->tiff, TIFFTAG_PHOTOMETRIC, &photometric)) {
    return refuse(message, "a TIFF image that does not say what its %d samples mean", layout->samples);
  }
  layout->color_samples = layout->channels = 1;
  switch (photometric) {
    case PHOTOMETRIC_MINISWHITE: layout->is_inverted = 1; return CIMAGING_OK;
    case PHOTOMETRIC_MINISBLACK: return CIMAGING_OK;
    case PHOTOMETRIC_RGB: layout->color_samples = layout->channels = 3; return CIMAGING_OK;
    case PHOTOMETRIC_PALETTE: return read_map(reader, message);
    case PHOTOMETRIC_SEPARATED: return read_inks(reader, message);
    case PHOTOMETRIC_YCBCR: return read_luma(reader, message);
    default: return refuse(message, "a TIFF image of colour model %d", photometric);
  }
}

static void read_alpha(cimaging_tiff_reader *reader) {
  cimaging_tiff_layout *layout = &reader->layout;
  uint16_t count = 0, *kinds = NULL;
  cimaging_libtiff.TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds);
  if (count == 0 || kinds == NULL || layout->samples <= layout->color_samples) return;
  layout->is_premultiplied = kinds[0] == EXTRASAMPLE_ASSOCALPHA;
  layout->has_alpha = layout->is_premultiplied || kinds[0] == EXTRASAMPLE_UNASSALPHA;
}

cimaging_status cimaging_tiff_read_layout(cimaging_tiff_reader *reader, cimaging_message *message) {
  uint32_t width = 0, height = 0;
  cimaging_libtiff.TIFFGetField(reader->tiff, TIFFTAG_IMAGEWIDTH, &width);
  cimaging_libtiff.TIFFGetField(reader->tiff, TIFFTAG_IMAGELENGTH, &height);
  if (width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX) {
    snprintf(message->text, sizeof message->text, "a TIFF image of %u x %u", width, height);
    return CIMAGING_FAILED;
  }
  reader->layout.width = (int32_t)width;
  reader->layout.height = (int32_t)height;
  cimaging_status status = read_format(reader, message);
  if (status == CIMAGING_OK) status = read_colors(reader, message);
  if (status == CIMAGING_OK && reader->layout.samples < reader->layout.color_samples) {
    snprintf(message->text, sizeof message->text, "the TIFF image has fewer samples than colours");
    return CIMAGING_FAILED;
  }
  if (status == CIMAGING_OK) read_alpha(reader);
  return status;
}
