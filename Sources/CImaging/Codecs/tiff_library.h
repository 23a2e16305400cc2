#ifndef CIMAGING_TIFF_LIBRARY_H
#define CIMAGING_TIFF_LIBRARY_H

#include <tiffio.h>

#include "include/cimaging_core.h"

// libtiff is loaded by the first process that meets a TIFF file: linked, it would bring six more shared objects into
// every start and every fork of the program.

#define CIMAGING_TIFF_FUNCTIONS(F)        \
  F(TIFFClientOpenExt)                    \
  F(TIFFClose)                            \
  F(TIFFComputeTile)                      \
  F(TIFFGetField)                         \
  F(TIFFGetFieldDefaulted)                \
  F(TIFFGetStrileByteCount)               \
  F(TIFFGetStrileOffset)                  \
  F(TIFFIsTiled)                          \
  F(TIFFNumberOfStrips)                   \
  F(TIFFNumberOfTiles)                    \
  F(TIFFOpenOptionsAlloc)                 \
  F(TIFFOpenOptionsFree)                  \
  F(TIFFOpenOptionsSetErrorHandlerExtR)   \
  F(TIFFOpenOptionsSetMaxSingleMemAlloc)  \
  F(TIFFOpenOptionsSetWarningHandlerExtR) \
  F(TIFFReadEncodedTile)                  \
  F(TIFFReadScanline)                     \
  F(TIFFScanlineSize64)                   \
  F(TIFFSetField)                         \
  F(TIFFTileRowSize64)                    \
  F(TIFFTileSize64)

typedef struct cimaging_tiff_library {
#define CIMAGING_TIFF_POINTER(name) __typeof__(name) *name;
  CIMAGING_TIFF_FUNCTIONS(CIMAGING_TIFF_POINTER)
#undef CIMAGING_TIFF_POINTER
} cimaging_tiff_library;

/// Complete once `cimaging_tiff_load` has returned CIMAGING_OK.
extern cimaging_tiff_library cimaging_libtiff;

#endif
