#include "include/cimaging_core.h"

#include <malloc.h>

#include <opencv2/core.hpp>

void cimaging_use_one_thread(void) { cv::setNumThreads(0); }

void cimaging_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

const char *cimaging_opencv_version(void) { return CV_VERSION; }
