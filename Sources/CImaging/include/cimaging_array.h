#ifndef CIMAGING_ARRAY_H
#define CIMAGING_ARRAY_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Writes the value of each byte of an image, by a table of 256 for each channel. `values` has room for all of them.
/// Channel by channel if `is_channels_first`, else interleaved.
void cimaging_array_floats(const cimaging_pixels *pixels, const float *tables, int32_t is_channels_first,
                           float *values);

/// The same with the bytes themselves.
void cimaging_array_bytes(const cimaging_pixels *pixels, int32_t is_channels_first, uint8_t *values);

/// CRC-32 of some bytes, as in ZIP archives.
uint32_t cimaging_checksum(const uint8_t *bytes, size_t count);

#ifdef __cplusplus
}
#endif
#endif
