#ifndef CIMAGING_CORE_H
#define CIMAGING_CORE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// 8-bit interleaved pixels that somebody else owns: 1 channel (grey or alpha) or 3 (R, G, B).
typedef struct cimaging_pixels {
  uint8_t *base;
  int32_t width;
  int32_t height;
  int32_t channels;
  size_t row_stride;
} cimaging_pixels;

typedef enum cimaging_status {
  CIMAGING_OK = 0,
  CIMAGING_FAILED = 1,       // the message says why
  CIMAGING_TRUNCATED = 2,    // the file ends before its image does
  CIMAGING_TOO_LARGE = 3,    // more pixels than allowed; nothing was allocated
  CIMAGING_UNSUPPORTED = 4,  // sound, but a kind that is not handled
  CIMAGING_OUT_OF_MEMORY = 5,
} cimaging_status;

/// Filled by a call that does not return CIMAGING_OK: a sentence fragment, NUL-terminated.
typedef struct cimaging_message {
  char text[256];
} cimaging_message;

/// Makes OpenCV run on the calling thread alone. Exactly 0 threads: in a forked child, 1 hangs some builds of OpenCV.
void cimaging_use_one_thread(void);

/// Lets the kernels of this library use instruction sets up to a level only: 0 plain, 1 SSE4, 2 AVX2, 3 all there are.
void cimaging_limit_instructions(int32_t level);

/// The name of the best instruction set that the kernels use now.
const char *cimaging_instructions(void);

/// Keeps freed memory in the process, so that the scratch memory of one image is the next one's without page faults.
void cimaging_keep_freed_memory(void);

/// The versions of the libraries that this was compiled with; no library is called.
const char *cimaging_opencv_version(void);
const char *cimaging_jpeg_version(void);
const char *cimaging_png_version(void);

#ifdef __cplusplus
}
#endif
#endif
