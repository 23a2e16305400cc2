#ifndef CIMAGING_COMPRESSION_H
#define CIMAGING_COMPRESSION_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// What remains of an image after it has been written to a lossy file in memory and read again. Red and blue are
// exchanged on the way, as if R, G, B were B, G, R: so does Albumentations, which hands its images to OpenCV like that.

/// JPEG with 4:2:0 chroma and the standard tables, `quality` 1 ... 100. OpenCV `imencode` and `imdecode`.
cimaging_status cimaging_jpeg_round_trip(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         int32_t quality, cimaging_message *message);

/// Lossy WebP, `quality` 1 ... 100; a side has at most 16,383 pixels. OpenCV `imencode` and `imdecode`.
cimaging_status cimaging_webp_round_trip(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         int32_t quality, cimaging_message *message);

#ifdef __cplusplus
}
#endif
#endif
