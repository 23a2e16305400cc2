#include <string.h>
#include <turbojpeg.h>

#include "include/cimaging_jpeg.h"

/// The transforms of libjpeg-turbo by EXIF's number of the orientation that each brings upright.
static const int operations[9] = {TJXOP_NONE, TJXOP_NONE, TJXOP_HFLIP, TJXOP_ROT180, TJXOP_VFLIP,
                                  TJXOP_TRANSPOSE, TJXOP_ROT90, TJXOP_TRANSVERSE, TJXOP_ROT270};

/// A file of four components would stay CMYK, and what becomes of it otherwise is R, G, B.
static int has_usual_colors(tjhandle handle, const uint8_t *bytes, size_t count) {
  int width, height, subsampling, colors;
  if (tjDecompressHeader3(handle, bytes, count, &width, &height, &subsampling, &colors) != 0) return 0;
  return colors == TJCS_GRAY || colors == TJCS_YCbCr || colors == TJCS_RGB;
}

static cimaging_status turn(tjhandle handle, const uint8_t *bytes, size_t count, int32_t orientation,
                            cimaging_output *output) {
  if (!has_usual_colors(handle, bytes, count)) return CIMAGING_UNSUPPORTED;
  tjtransform transform = {.op = operations[orientation], .options = TJXOPT_PERFECT | TJXOPT_COPYNONE};
  unsigned char *turned = NULL;
  unsigned long turned_count = 0;
  const int flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
  cimaging_status status = CIMAGING_UNSUPPORTED;
  if (tjTransform(handle, bytes, count, 1, &turned, &turned_count, &transform, flags) == 0) {
    status = cimaging_output_reserve(output, turned_count) ? CIMAGING_OK : CIMAGING_OUT_OF_MEMORY;
  }
  if (status == CIMAGING_OK) {
    memcpy(output->base, turned, turned_count);
    output->count = turned_count;
  }
  tjFree(turned);
  return status;
}

cimaging_status cimaging_jpeg_turn(const uint8_t *bytes, size_t count, int32_t orientation, cimaging_output *output) {
  if (orientation < 1 || orientation > 8) return CIMAGING_FAILED;
  tjhandle handle = tjInitTransform();
  if (handle == NULL) return CIMAGING_OUT_OF_MEMORY;
  const cimaging_status status = turn(handle, bytes, count, orientation, output);
  tjDestroy(handle);
  return status;
}
