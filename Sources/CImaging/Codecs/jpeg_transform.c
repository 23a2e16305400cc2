#include <string.h>
#include <turbojpeg.h>

#include "include/cimaging_jpeg.h"

/// libjpeg-turbo's transforms, indexed by the EXIF orientation that each makes upright.
static const int operations[9] = {TJXOP_NONE,      TJXOP_NONE,  TJXOP_HFLIP,      TJXOP_ROT180, TJXOP_VFLIP,
                                  TJXOP_TRANSPOSE, TJXOP_ROT90, TJXOP_TRANSVERSE, TJXOP_ROT270};

/// Excludes CMYK: the file would stay CMYK, but the decoder converts such files to R, G, B.
static int has_usual_colors(tjhandle handle, const uint8_t *bytes, size_t count) {
  int width, height, subsampling, colors;
  if (tjDecompressHeader3(handle, bytes, count, &width, &height, &subsampling, &colors) != 0) return 0;
  return colors == TJCS_GRAY || colors == TJCS_YCbCr || colors == TJCS_RGB;
}

static cimaging_status make_upright(tjhandle handle, const uint8_t *bytes, size_t count, int32_t orientation,
                                    cimaging_output *output) {
  if (!has_usual_colors(handle, bytes, count)) return CIMAGING_UNSUPPORTED;
  tjtransform transform = {.op = operations[orientation], .options = TJXOPT_PERFECT | TJXOPT_COPYNONE};
  unsigned char *upright = NULL;
  unsigned long upright_byte_count = 0;
  const int flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
  cimaging_status status = CIMAGING_UNSUPPORTED;
  if (tjTransform(handle, bytes, count, 1, &upright, &upright_byte_count, &transform, flags) == 0) {
    status = cimaging_output_reserve(output, upright_byte_count) ? CIMAGING_OK : CIMAGING_OUT_OF_MEMORY;
  }
  if (status == CIMAGING_OK) {
    memcpy(output->base, upright, upright_byte_count);
    output->count = upright_byte_count;
  }
  tjFree(upright);
  return status;
}

cimaging_status cimaging_jpeg_transform(const uint8_t *bytes, size_t count, int32_t orientation,
                                        cimaging_output *output) {
  if (orientation < 1 || orientation > 8) return CIMAGING_FAILED;
  tjhandle handle = tjInitTransform();
  if (handle == NULL) return CIMAGING_OUT_OF_MEMORY;
  const cimaging_status status = make_upright(handle, bytes, count, orientation, output);
  tjDestroy(handle);
  return status;
}
