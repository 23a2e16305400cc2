#ifndef CIMAGING_CORE_H
#define CIMAGING_CORE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Borrowed 8-bit interleaved pixels with 1 channel (grey or alpha) or 3 (R, G, B). `row_stride` is in bytes.
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
  CIMAGING_TRUNCATED = 2,    // the file ends before its image data
  CIMAGING_TOO_LARGE = 3,    // more pixels than allowed; nothing was allocated
  CIMAGING_UNSUPPORTED = 4,  // valid, but of a kind that is not supported
  CIMAGING_OUT_OF_MEMORY = 5,
} cimaging_status;

/// Set by a call that does not return CIMAGING_OK: a NUL-terminated sentence fragment.
typedef struct cimaging_message {
  char text[256];
} cimaging_message;

/// Makes OpenCV run on the calling thread only. Sets 0 threads, because 1 hangs some builds of OpenCV in a forked
/// child.
void cimaging_use_one_thread(void);

/// Limits the kernels of this library to instruction sets up to a level: 0 portable, 1 SSE4, 2 AVX2, 3 all available.
void cimaging_limit_instructions(int32_t level);

/// The name of the best instruction set that the kernels currently use.
const char *cimaging_instructions(void);

/// Keeps freed memory in the process, so that scratch memory is reused for the next image without page faults.
void cimaging_keep_freed_memory(void);

/// The library versions at compile time; no library is called.
const char *cimaging_opencv_version(void);
const char *cimaging_jpeg_version(void);
const char *cimaging_png_version(void);

#ifdef __cplusplus
}
#endif
#endif
